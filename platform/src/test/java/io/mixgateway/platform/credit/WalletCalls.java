package io.mixgateway.platform.credit;

import static java.util.Objects.requireNonNull;

import io.mixgateway.platform.credit.LeaseStore.LeaseState;
import io.mixgateway.platform.journal.RandomGenerations;
import io.mixgateway.relay.call.AccountId;
import io.mixgateway.relay.call.Caller;
import io.mixgateway.relay.call.GenerationId;
import io.mixgateway.relay.call.KeyId;
import io.mixgateway.relay.money.Nanos;
import io.mixgateway.relay.port.Credit.Held;
import io.mixgateway.relay.port.Credit.Hold;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jetbrains.lincheck.datastructures.BooleanGen;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jspecify.annotations.Nullable;

/**
 * What calls do to a wallet, for {@link WalletLincheckTest}. Two keys, one of them with a cap, so that a hold takes from
 * one purse or from two; one hold that all threads may end, and one for each thread.
 */
@Param(name = "thread", gen = ThreadIdGen.class)
@Param(name = "amount", gen = IntGen.class, conf = "2:6")
@Param(name = "either", gen = BooleanGen.class)
public class WalletCalls {
    static final long[] LEASED = {0, 10, 14, 9, 12, 3, 16};
    static final long CAPPED_AT = 6;
    static final int SHARED = 2;

    static final long CREDIT = 1;
    static final long CAP = 2;
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-23T12:00:00Z"), ZoneOffset.UTC);
    static final long NOW = CLOCK.millis();
    private static final AccountId ACCOUNT = new AccountId("acc-00000000000000000001");
    private static final Caller FREE = caller("key-00000000000000000001");
    private static final Caller CAPPED = caller("key-00000000000000000002");
    private static final GenerationId ID = GenerationId.at(Instant.ofEpochMilli(NOW));

    private record Mine(Caller caller, Hold hold) {}

    final NodeLife life = new NodeLife(CLOCK, Duration.ofDays(10_000));
    final Wallet wallet;
    private final Mine shared;
    private final @Nullable Mine[] own = new Mine[8];

    public WalletCalls() {
        life.begin(1);
        life.renewed(NOW);
        wallet = new Wallet(ACCOUNT, new Settling(WalletLincheckTest.journal(), CLOCK, life, _ -> {}));
        wallet.learn(FREE.key(), new Terms("", Optional.empty(), CREDIT, List.of(), Long.MAX_VALUE), NOW);
        var cap = new Terms.Cap(CAP, "total", new Nanos(CAPPED_AT));
        wallet.learn(CAPPED.key(), new Terms("", Optional.empty(), CREDIT, List.of(cap), Long.MAX_VALUE), NOW);
        wallet.adopt(Map.of(CREDIT, new LeaseState(LEASED[1], 1), CAP, new LeaseState(CAPPED_AT, 1)));
        shared = new Mine(CAPPED, ((Held) requireNonNull(wallet.tryHold(CAPPED, ID, SHARED, NOW))).hold());
    }

    private static Caller caller(String key) {
        return new Caller(ACCOUNT, new KeyId(key), "test", Optional.empty());
    }

    private @Nullable Mine hold(int thread, boolean everybodys) {
        return everybodys ? shared : own[thread];
    }

    /** As {@link LeasedCredit#hold} does it. */
    @Operation
    public boolean hold(
            @Param(name = "thread") int thread,
            @Param(name = "amount") int amount,
            @Param(name = "either") boolean capped) {
        var caller = capped ? CAPPED : FREE;
        if (own[thread] == null && wallet.tryHold(caller, ID, amount, NOW) instanceof Held answer) {
            own[thread] = new Mine(caller, answer.hold());
            return true;
        }
        return false;
    }

    @Operation
    public boolean raise(
            @Param(name = "thread") int thread,
            @Param(name = "either") boolean everybodys,
            @Param(name = "amount") int amount) {
        var mine = hold(thread, everybodys);
        return mine != null && mine.hold.raise(new Nanos(amount));
    }

    @Operation
    public void settle(
            @Param(name = "thread") int thread,
            @Param(name = "either") boolean everybodys,
            @Param(name = "amount") int cost) {
        var mine = hold(thread, everybodys);
        if (mine != null) {
            mine.hold.settle(RandomGenerations.costing(ID, ACCOUNT, mine.caller.key(), new Nanos(cost), new Nanos(9)));
        }
    }

    @Operation
    public void release(@Param(name = "thread") int thread, @Param(name = "either") boolean everybodys) {
        var mine = hold(thread, everybodys);
        if (mine != null) {
            mine.hold.release();
        }
    }

    /** What the database would be told to be held of the credit and of the cap: all that calls have done shows there. */
    @Operation
    public long reports() {
        var into = new HashMap<Long, Long>();
        wallet.heldAfter(Map.of(CREDIT, 0L, CAP, 0L), into);
        return into.getOrDefault(CREDIT, 0L) * 100 + into.getOrDefault(CAP, 0L);
    }
}
