package io.mixgateway.platform.credit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

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
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** An account with its keys in a {@link History}, and what should be true of it. */
final class PlayedAccount {
    private static final long CREDIT = 10_000;

    private record Open(Caller caller, GenerationId id, Hold hold, FailingFleet.Life life) {}

    private final MoneyWorld world;
    private final FailingFleet fleet;
    private final Random random;
    private final String name;
    private final AccountId account;
    private final List<Caller> keys = new ArrayList<>();
    private final Map<Caller, Long> caps = new HashMap<>();
    private final Map<Caller, Long> spent = new HashMap<>();
    private final List<Open> open = new ArrayList<>();
    private long granted = CREDIT;
    private long charged;
    private long slack;
    private int settled;
    private int moves;
    private int node;

    PlayedAccount(MoneyWorld world, FailingFleet fleet, Random random, String name) {
        this.world = world;
        this.fleet = fleet;
        this.random = random;
        this.name = name;
        this.account = world.account(CREDIT);
        for (int i = 0; i <= random.nextInt(3); i++) {
            var key = world.key(account);
            keys.add(key);
            spent.put(key, 0L);
            if (random.nextInt(3) == 0) {
                caps.put(key, 1_000L + random.nextInt(5_000));
                world.cap(key, random.nextBoolean() ? "total" : "month", requireNonNull(caps.get(key)));
            }
        }
    }

    private long held(Optional<Caller> of) {
        return open.stream()
                .filter(o -> of.isEmpty() || o.caller.equals(of.get()))
                .mapToLong(o -> o.hold.amount().value())
                .sum();
    }

    private long funds() {
        return granted - charged - held(Optional.empty());
    }

    private long capLeft(Caller caller) {
        return caps.getOrDefault(caller, Long.MAX_VALUE / 2)
                - requireNonNull(spent.get(caller))
                - held(Optional.of(caller));
    }

    void hold() {
        var caller = keys.get(random.nextInt(keys.size()));
        long amount = random.nextInt(10) == 0 ? 0 : random.nextLong(CREDIT / 4);
        // Two calls of three go where the last one went.
        node = random.nextInt(2) == 0 ? random.nextInt(FailingFleet.NODES) : node;
        var life = fleet.life(node);
        var id = GenerationId.at(Instant.now());
        dropLost();
        // What there was when it was asked: a node that is killed between the answer and its being looked at frees
        // more.
        long fundsAsked = funds();
        long capAsked = capLeft(caller);
        var answer = life.hold(caller, id, amount);
        fleet.whileTheyLive(() -> {
            if (!life.alive()) {
                return; // Whatever it said, nobody heard it.
            }
            dropLost();
            long funds = funds();
            long capLeft = capLeft(caller);
            switch (answer) {
                case Held held -> {
                    assertThat(amount == 0 || amount <= funds + slack)
                            .as("held %d of %d with slack %d", amount, funds, slack)
                            .isTrue();
                    assertThat(amount == 0 || amount <= capLeft + slack)
                            .as("held %d of a cap with %d left", amount, capLeft)
                            .isTrue();
                    open.add(new Open(caller, id, held.hold(), life));
                }
                case InsufficientCredits no ->
                    assertThat(amount)
                            .as("refused with %s while there was %d", no, fundsAsked)
                            .isGreaterThan(fundsAsked);
                case CapExceeded no ->
                    assertThat(amount)
                            .as("refused with %s while there was %d", no, capAsked)
                            .isGreaterThan(capAsked);
                case Unavailable _ -> {}
                case Barred barred -> throw new AssertionError(barred.toString());
                case Later later -> throw new AssertionError(later.toString());
            }
        });
    }

    /** Calls on a node that was killed were cut off: their answers never ended, so they cost nothing. */
    private void dropLost() {
        open.removeIf(o -> !o.life.alive());
    }

    void endOne(boolean charge) {
        fleet.whileTheyLive(() -> {
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
        });
    }

    void endAll() {
        while (!open.isEmpty()) {
            endOne(random.nextBoolean());
        }
    }

    void raise() {
        fleet.whileTheyLive(() -> {
            dropLost();
            if (!open.isEmpty()) {
                var one = open.get(random.nextInt(open.size()));
                long before = one.hold.amount().value();
                long more = random.nextInt(500);
                long funds = funds();
                if (one.hold.raise(new Nanos(more))) {
                    assertThat(more).isLessThanOrEqualTo(Math.max(0, funds + slack));
                    assertThat(one.hold.amount().value()).isEqualTo(before + more);
                }
            }
        });
    }

    void move() {
        var key = name + "-" + moves++;
        if (random.nextBoolean()) {
            long amount = 1L + random.nextInt(3_000);
            world.ledger.grant(account, new Nanos(amount), "history", Optional.of(key));
            granted += amount;
        } else {
            long amount = 1L + random.nextInt(500);
            world.ledger.post(Entry.of(
                    TransferKind.CHARGEBACK, account, "USD", new Nanos(-amount), key, "history", Instant.now()));
            granted -= amount;
            slack += amount;
        }
    }

    AccountId account() {
        return account;
    }

    /** Generations that were charged, also for nothing. */
    int settled() {
        return settled;
    }

    long balance() {
        return granted - charged;
    }

    /** What was charged to each key that was charged, by its id. */
    Map<String, Long> costs() {
        var costs = new HashMap<String, Long>();
        spent.forEach((caller, cost) -> {
            if (cost > 0) {
                costs.put(caller.key().value(), cost);
            }
        });
        return costs;
    }
}
