package io.mixgateway.platform.credit;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mixgateway.platform.credit.LeaseStore.Return;
import io.mixgateway.platform.journal.RandomGenerations;
import io.mixgateway.platform.journal.Settled;
import io.mixgateway.platform.store.Pool;
import io.mixgateway.relay.call.Caller;
import io.mixgateway.relay.money.Nanos;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nobody waits in a ring for the budgets of several accounts. The cap of the first account has a smaller id than the credit
 * of the second: whoever went by ids alone would lock it before that credit, a booking behind it.
 */
class LockOrderIT {
    @TempDir
    Path dir;

    @Test
    void aBookingAndAHandBackOfTheSameBudgetsDoNotWaitForEachOther() throws Exception {
        inARing((stores, cap, credit) -> stores.leases().handBack(1, List.of(returned(cap), returned(credit))));
    }

    @Test
    void aBookingAndATakeOfTheSameBudgetsDoNotWaitForEachOther() throws Exception {
        inARing((stores, cap, credit) ->
                stores.leases().take(1, List.of(new Want(cap, 1, 1, 0), new Want(credit, 1, 1, 0)), false));
    }

    @Test
    void aBookingAndTheEndOfALifeDoNotWaitForEachOther() throws Exception {
        inARing((stores, _, _) -> stores.nodes().releaseBefore(2));
    }

    /** What a node does to the first account's cap and the second's credit. */
    private interface Act {
        void on(Stores stores, long cap, long credit);
    }

    private static Return returned(long budget) {
        return new Return(budget, 0, 0, false, 0);
    }

    private void inARing(Act other) throws Exception {
        try (var world = new MoneyWorld(dir)) {
            // Given two accounts, the first with a key that has a cap, and leases of all their budgets
            var first = world.account(1_000);
            var capped = world.key(first);
            world.cap(capped, "total", 500);
            var stores = Stores.of(world.store().database(), "node");
            assertThat(stores.nodes().register(Duration.ofMinutes(1))).isEqualTo(1);
            stores.terms().terms(first, capped.key(), Instant.now());
            var second = world.account(1_000);
            var free = world.key(second);
            assertThat(world.texts("select kind from budget order by id")).containsExactly("credit", "cap", "credit");
            long cap = world.number("select id from budget where kind = 'cap'");
            long credit = world.number("select max(id) from budget");
            for (long budget : new long[] {cap, credit}) {
                stores.leases().take(1, List.of(new Want(budget, 10, 10, 0)), false);
            }

            // When somebody has the credit of the second, a booking waits for it first and the other one behind it
            var letGo = new CountDownLatch(1);
            var had = new CountDownLatch(1);
            var somebody = soon(() -> world.store().database().transact(Pool.JOBS, dsl -> {
                dsl.fetch("select from budget where id = ? for update", credit);
                had.countDown();
                try {
                    return letGo.await(20, SECONDS);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }));
            had.await();
            var booking = soon(() -> new UsageBooking(world.store().database(), "node")
                    .book(List.of(settled(capped), settled(free)), Map.of()));
            waiting(world, 1);
            var another = soon(() -> {
                other.on(stores, cap, credit);
                return true;
            });
            waiting(world, 2);
            letGo.countDown();

            // Then
            assertThat(somebody).succeedsWithin(Duration.ofSeconds(20));
            assertThat(booking).succeedsWithin(Duration.ofSeconds(20));
            assertThat(another).succeedsWithin(Duration.ofSeconds(20));
        }
    }

    private static Settled settled(Caller caller) {
        var id = MoneyWorld.id();
        return new Settled(
                RandomGenerations.costing(id, caller.account(), caller.key(), new Nanos(3), new Nanos(5)), List.of());
    }

    private static <T> CompletableFuture<T> soon(Supplier<T> what) {
        return CompletableFuture.supplyAsync(what, task -> Thread.ofVirtual().start(task));
    }

    private static void waiting(MoneyWorld world, long count) {
        await().atMost(20, SECONDS)
                .until(() -> world.number("select count(*) from pg_stat_activity where datname = current_database()"
                                + " and wait_event_type = 'Lock'")
                        == count);
    }
}
