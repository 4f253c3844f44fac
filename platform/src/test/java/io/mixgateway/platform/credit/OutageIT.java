package io.mixgateway.platform.credit;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mixgateway.relay.call.Caller;
import io.mixgateway.relay.money.Nanos;
import io.mixgateway.relay.port.Credit.Held;
import io.mixgateway.relay.port.Credit.InsufficientCredits;
import io.mixgateway.relay.port.Credit.Unavailable;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The database fails while calls go on. */
class OutageIT extends WiredTest {
    private static final long CREDIT = 1_000_000_000;

    // FAILURES 49: nothing is lost while commits fail, nothing doubled when they had happened after all.
    @Test
    void booksOnceWhenAnswersToCommitsAreLost() {
        // Given
        var account = world.account(CREDIT);
        var caller = world.key(account);
        world.cap(caller, "month", CREDIT);
        var node = world.node("one", wire.connect(), CreditSettings.DEFAULTS);
        call(node, caller, 1);

        // When
        wire.loseAnswersToCommits(6);
        for (int i = 0; i < 200; i++) {
            call(node, caller, 10);
            sleep(5);
        }
        await().atMost(30, SECONDS).until(wire::allLost);

        // Then
        await().atMost(30, SECONDS).until(() -> world.balance(account) == CREDIT - 2_001);
        world.quiet();
        assertThat(world.number("select count(*) from usage_event")).isEqualTo(201);
    }

    // FAILURES 45: a booking that is done but not heard of counts as done and as owed, for a while.
    @Test
    void refusesNobodyForWhatMayBeBookedAlready() {
        // Given a node that takes its time to book again
        var account = world.account(1_000);
        var caller = world.key(account);
        var slow = MoneyWorld.PATIENT.withFlushEvery(Duration.ofSeconds(2));
        var node = world.node("one", wire.connect(), slow);
        call(node, caller, 600);

        // When
        wire.loseAnswersToCommits(1);
        await().atMost(30, SECONDS).until(wire::allLost);
        await().atMost(30, SECONDS).until(() -> world.balance(account) == 400);

        // Then
        assertThat(MoneyWorld.hold(node.credit(), caller, 400)).isInstanceOf(Held.class);
        assertThat(MoneyWorld.hold(node.credit(), caller, 1)).isInstanceOf(InsufficientCredits.class);
    }

    // FAILURES 49: a database that is away only lengthens the journal.
    @Test
    void goesOnWithinItsLeaseWhileTheDatabaseIsAway() {
        var account = world.account(CREDIT);
        var caller = world.key(account);
        var stranger = world.key(world.account(CREDIT));
        var node = world.node("one", wire.connect(), CreditSettings.DEFAULTS);
        for (int i = 0; i < 50; i++) {
            call(node, caller, 1_000);
        }
        sleep(300);
        wire.cut();

        int went = 0;
        for (int i = 0; i < 100; i++) {
            if (node.credit().hold(caller, MoneyWorld.id(), new Nanos(10)) instanceof Held held) {
                held.hold().release();
                went++;
            }
        }
        for (int i = 0; i < 20; i++) {
            call(node, caller, 5);
        }
        assertThat(went).isEqualTo(100);
        assertThat(MoneyWorld.hold(node.credit(), stranger, 10)).isInstanceOf(Unavailable.class);
        assertThat(node.journal().backlogBytes()).isPositive();

        wire.mend();
        await().atMost(30, SECONDS).until(() -> world.balance(account) == CREDIT - 50_100);
        await().atMost(30, SECONDS).until(() -> MoneyWorld.hold(node.credit(), stranger, 10) instanceof Held);
    }

    @Test
    void answersInBoundedTimeWhenTheDatabaseIsFrozen() {
        var caller = world.key(world.account(CREDIT));
        var node = world.node("one", wire.connect(), CreditSettings.DEFAULTS);
        wire.freeze();
        long start = System.nanoTime();
        assertThat(MoneyWorld.hold(node.credit(), caller, 10)).isInstanceOf(Unavailable.class);
        assertThat(SECONDS.convert(System.nanoTime() - start, java.util.concurrent.TimeUnit.NANOSECONDS))
                .isLessThan(6);
    }

    @Test
    void takesNoNewCallsWhenTheJournalIsFull() {
        var account = world.account(CREDIT);
        var caller = world.key(account);
        var node = world.node("one", wire.connect(), CreditSettings.DEFAULTS.withMaxBacklogBytes(2_000));
        for (int i = 0; i < 20; i++) {
            call(node, caller, 1_000);
            await().atMost(10, SECONDS).until(() -> node.journal().backlogBytes() == 0);
        }
        var open = (Held) MoneyWorld.hold(node.credit(), caller, 10);
        wire.cut();
        int settled = 0;
        for (; settled < 100; settled++) {
            var id = MoneyWorld.id();
            var answer = node.credit().hold(caller, id, new Nanos(10));
            if (answer instanceof Unavailable full) {
                assertThat(full.reason()).contains("journal is full");
                break;
            }
            MoneyWorld.settle(((Held) answer).hold(), caller, id, 1);
        }
        assertThat(settled).isBetween(5, 30);
        open.hold().release();
        wire.mend();
        long expected = CREDIT - 20_000 - settled;
        await().atMost(30, SECONDS).until(() -> world.balance(account) == expected);
        await().atMost(30, SECONDS).until(() -> MoneyWorld.hold(node.credit(), caller, 10) instanceof Held);
    }

    private static void call(MoneyWorld.Node node, Caller caller, long cost) {
        var id = MoneyWorld.id();
        var answer = MoneyWorld.hold(node.credit(), caller, id, cost);
        // A client would try again, too.
        while (answer instanceof Unavailable) {
            answer = MoneyWorld.hold(node.credit(), caller, id, cost);
        }
        MoneyWorld.settle(((Held) answer).hold(), caller, id, cost);
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
