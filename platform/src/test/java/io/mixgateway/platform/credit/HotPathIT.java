package io.mixgateway.platform.credit;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.mixgateway.platform.keys.ApiKeys;
import io.mixgateway.platform.keys.CachedCallers;
import io.mixgateway.platform.keys.KeyDigests;
import io.mixgateway.platform.store.Database;
import io.mixgateway.platform.store.Pool;
import io.mixgateway.relay.money.Nanos;
import io.mixgateway.relay.port.Credit.Held;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a call of a warm account does: it says who calls, holds, and settles, and asks the database nothing. */
class HotPathIT {
    /** The keeper turns once and then sleeps, so that nothing but the calls could ask. */
    private static final CreditSettings ASLEEP = new CreditSettings(
            Duration.ofMinutes(2),
            Duration.ofSeconds(30),
            Duration.ofSeconds(5),
            Duration.ofHours(1),
            Duration.ofHours(1),
            Duration.ofHours(1),
            Duration.ofHours(1),
            Duration.ofSeconds(30),
            Duration.ofSeconds(20),
            500,
            1L << 30,
            1_000);

    @TempDir
    Path dir;

    @Test // FAILURES 98
    void aWarmAccountsCallTakesNoConnectionOfAnyPool() throws Exception {
        try (var world = new MoneyWorld(dir)) {
            var account = world.account(1_000_000_000);
            var database = world.store().connect();
            var node = world.node("one", database, ASLEEP);
            var digests = KeyDigests.load(database, Optional.empty());
            var secret = new ApiKeys(database, digests, Clock.systemUTC())
                    .create(account, "laptop", List.of(), Optional.empty())
                    .secret()
                    .reveal();
            try (var callers = CachedCallers.start(database, digests, Clock.systemUTC())) {
                var caller = callers.load(secret)
                        .toCompletableFuture()
                        .get(20, SECONDS)
                        .orElseThrow();
                // Warm: much more is leased than the calls below will cost.
                ((Held) MoneyWorld.hold(node.credit(), caller, 10_000_000))
                        .hold()
                        .release();
                Thread.sleep(500);
                long start = System.nanoTime();
                var before = taken(database);
                assertThat(before.get(Pool.LEDGER)).isPositive();
                assertThat(before.get(Pool.AUTH)).isPositive();

                for (int i = 0; i < 1_000; i++) {
                    var known = requireNonNull(callers.cached(secret));
                    var id = MoneyWorld.id();
                    var hold = ((Held) node.credit().hold(known, id, new Nanos(1_000))).hold();
                    assertThat(hold.raise(new Nanos(100))).isTrue();
                    MoneyWorld.settle(hold, known, id, 10);
                }

                var after = taken(database);
                long halfSeconds = Duration.ofNanos(System.nanoTime() - start).toMillis() / 500;
                // Whether keys were changed is looked at every half second, whoever calls; nothing else is asked.
                assertThat(requireNonNull(after.remove(Pool.AUTH)) - requireNonNull(before.remove(Pool.AUTH)))
                        .isLessThanOrEqualTo(halfSeconds + 2);
                assertThat(after).isEqualTo(before);
            }
        }
    }

    private static Map<Pool, Long> taken(Database database) {
        var counts = new EnumMap<Pool, Long>(Pool.class);
        for (Pool pool : Pool.values()) {
            counts.put(pool, database.taken(pool));
        }
        return counts;
    }
}
