package io.mixgateway.platform.credit;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mixgateway.platform.ledger.Entry;
import io.mixgateway.platform.ledger.TransferKind;
import io.mixgateway.relay.call.AccountId;
import io.mixgateway.relay.call.Caller;
import io.mixgateway.relay.call.GenerationId;
import io.mixgateway.relay.money.Nanos;
import io.mixgateway.relay.port.Credit.Barred;
import io.mixgateway.relay.port.Credit.CapExceeded;
import io.mixgateway.relay.port.Credit.Held;
import io.mixgateway.relay.port.Credit.Hold;
import io.mixgateway.relay.port.Credit.InsufficientCredits;
import io.mixgateway.relay.port.Credit.Later;
import io.mixgateway.relay.port.Credit.Unavailable;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random histories of calls, grants, caps and crashes over three nodes, compared with a plain model step by step, and
 * all invariants after each. A failure names its seed: {@code -Dhistories.seed=N -Dhistories=1} plays it alone.
 */
class HistoriesIT {
    private static final int HISTORIES = Integer.getInteger("histories", 200);
    private static final int FIRST_SEED = Integer.getInteger("histories.seed", 1);
    private static final int AT_ONCE = 8;
    private static final int STEPS = 40;
    private static final long CREDIT = 10_000;

    @TempDir
    Path dir;

    /** Crashing takes the write lock, every use of a node the read lock. */
    private final ReentrantReadWriteLock crashing = new ReentrantReadWriteLock();

    private final List<MoneyWorld.Node> nodes = new ArrayList<>();
    private final AtomicInteger lives = new AtomicInteger();

    // FAILURES 41, 42, 43, 45, 48, 49
    @Test
    void everyHistoryKeepsTheInvariants() throws Exception {
        try (var world = new MoneyWorld(dir);
                var threads = Executors.newFixedThreadPool(AT_ONCE)) {
            for (int i = 0; i < 3; i++) {
                nodes.add(world.node("n" + i, world.store().connect(), MoneyWorld.PATIENT));
            }
            var histories = new ArrayList<Future<?>>();
            for (int i = 0; i < HISTORIES; i++) {
                int seed = FIRST_SEED + i;
                histories.add(threads.submit(() -> new History(world, seed).play()));
            }
            while (!histories.stream().allMatch(Future::isDone)) {
                Thread.sleep(700);
                crash(world);
            }
            for (Future<?> history : histories) {
                history.get();
            }
            world.quiet();
        }
    }

    /** One node ends as kill -9 would end it: nothing more reaches the database, nothing is handed back. */
    private void crash(MoneyWorld world) {
        crashing.writeLock().lock();
        try {
            var old = nodes.getLast();
            old.database().close();
            world.forget(old);
            old.credit().close();
            old.journal().close();
            lives.incrementAndGet();
            nodes.set(2, world.node("n2", world.store().connect(), MoneyWorld.PATIENT));
        } finally {
            crashing.writeLock().unlock();
        }
    }

    /** One account with its keys, and what should be true of it. Plays on one thread. */
    private final class History {
        private record Open(Caller caller, GenerationId id, Hold hold, int node, int life) {}

        private final MoneyWorld world;
        private final int seed;
        private final Random random;
        private final AccountId account;
        private final List<Caller> keys = new ArrayList<>();
        private final Map<Caller, Long> caps = new HashMap<>();
        private final Map<Caller, Long> spent = new HashMap<>();
        private final List<Open> open = new ArrayList<>();
        private long granted = CREDIT;
        private long charged;
        private long slack;
        private int settled;

        History(MoneyWorld world, int seed) {
            this.world = world;
            this.seed = seed;
            this.random = new Random(seed);
            this.account = world.account(CREDIT);
            for (int i = 0; i <= random.nextInt(3); i++) {
                var key = world.key(account);
                keys.add(key);
                spent.put(key, 0L);
                if (random.nextInt(3) == 0) {
                    caps.put(key, 1_000L + random.nextInt(5_000));
                    world.cap(key, random.nextBoolean() ? "total" : "month", caps.get(key));
                }
            }
        }

        void play() {
            try {
                for (int i = 0; i < STEPS; i++) {
                    step();
                }
                end();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("history with seed " + seed + ": " + e.getMessage(), e);
            }
        }

        private void step() {
            switch (random.nextInt(12)) {
                case 0, 1, 2, 3, 4 -> hold();
                case 5, 6, 7 -> endOne(random.nextInt(5) > 0);
                case 8 -> raise();
                case 9 -> move();
                case 10 -> pause();
                default -> {
                    hold();
                    endOne(true);
                }
            }
        }

        private long held(Optional<Caller> of) {
            return open.stream()
                    .filter(o -> of.isEmpty() || o.caller.equals(of.get()))
                    .mapToLong(o -> o.hold.amount().value())
                    .sum();
        }

        private void hold() {
            var caller = keys.get(random.nextInt(keys.size()));
            long amount = random.nextInt(10) == 0 ? 0 : random.nextLong(CREDIT / 4);
            var id = GenerationId.at(Instant.now());
            crashing.readLock().lock();
            try {
                dropLost();
                int node = random.nextInt(3);
                var answer = MoneyWorld.hold(nodes.get(node).credit(), caller, id, amount);
                long funds = granted - charged - held(Optional.empty());
                long capLeft = caps.getOrDefault(caller, Long.MAX_VALUE / 2)
                        - requireNonNull(spent.get(caller))
                        - held(Optional.of(caller));
                switch (answer) {
                    case Held held -> {
                        assertThat(amount == 0 || amount <= funds + slack)
                                .as("held %d of %d with slack %d", amount, funds, slack)
                                .isTrue();
                        assertThat(amount == 0 || amount <= capLeft + slack)
                                .as("held %d of a cap with %d left", amount, capLeft)
                                .isTrue();
                        open.add(new Open(caller, id, held.hold(), node, node == 2 ? lives.get() : 0));
                    }
                    case InsufficientCredits no ->
                        assertThat(amount)
                                .as("refused with %s while there was %d", no, funds)
                                .isGreaterThan(funds);
                    case CapExceeded no ->
                        assertThat(amount)
                                .as("refused with %s while there was %d", no, capLeft)
                                .isGreaterThan(capLeft);
                    case Unavailable _ -> {}
                    case Barred barred -> throw new AssertionError(barred.toString());
                    case Later later -> throw new AssertionError(later.toString());
                }
            } finally {
                crashing.readLock().unlock();
            }
        }

        /** Calls on a node that crashed were cut off: their answers never ended, so they cost nothing. */
        private void dropLost() {
            open.removeIf(o -> o.node == 2 && o.life != lives.get());
        }

        private void endOne(boolean charge) {
            crashing.readLock().lock();
            try {
                dropLost();
                if (open.isEmpty()) {
                    return;
                }
                var one = open.remove(random.nextInt(open.size()));
                long held = one.hold.amount().value();
                if (!charge) {
                    one.hold.release();
                    return;
                }
                long cost = random.nextInt(15) == 0 ? held + random.nextInt(500) : random.nextLong(held + 1);
                slack += Math.max(0, cost - held);
                charged += cost;
                spent.merge(one.caller, cost, Math::addExact);
                settled++;
                MoneyWorld.settle(one.hold, one.caller, one.id, cost);
            } finally {
                crashing.readLock().unlock();
            }
        }

        private void raise() {
            crashing.readLock().lock();
            try {
                dropLost();
                if (!open.isEmpty()) {
                    var one = open.get(random.nextInt(open.size()));
                    long before = one.hold.amount().value();
                    long more = random.nextInt(500);
                    long funds = granted - charged - held(Optional.empty());
                    if (one.hold.raise(new Nanos(more))) {
                        assertThat(more).isLessThanOrEqualTo(Math.max(0, funds + slack));
                        assertThat(one.hold.amount().value()).isEqualTo(before + more);
                    }
                }
            } finally {
                crashing.readLock().unlock();
            }
        }

        private void move() {
            if (random.nextBoolean()) {
                long amount = 1L + random.nextInt(3_000);
                world.ledger.grant(
                        account,
                        new Nanos(amount),
                        "history",
                        Optional.of("history-" + seed + "-" + granted + "-" + charged));
                granted += amount;
            } else {
                long amount = 1L + random.nextInt(500);
                world.ledger.post(Entry.of(
                        TransferKind.CHARGEBACK,
                        account,
                        "USD",
                        new Nanos(-amount),
                        "back-" + seed + "-" + granted + "-" + charged + "-" + slack,
                        "history",
                        Instant.now()));
                granted -= amount;
                slack += amount;
            }
        }

        private void pause() {
            try {
                MILLISECONDS.sleep(random.nextInt(60));
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }

        private void end() {
            while (!open.isEmpty()) {
                endOne(random.nextBoolean());
            }
            await().atMost(60, SECONDS)
                    .pollInterval(Duration.ofMillis(20))
                    .untilAsserted(() -> assertThat(world.number(
                                    "select count(*) from generation where account_id = ?", account.value()))
                            .isEqualTo(settled));
            assertThat(world.balance(account)).isEqualTo(granted - charged);
            world.invariantsHold();
        }
    }
}
