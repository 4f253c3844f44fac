package io.mixgateway.platform.credit;

import io.mixgateway.platform.credit.LeaseStore.LeaseState;
import io.mixgateway.platform.credit.LeaseStore.Return;
import java.util.List;
import java.util.Map;
import org.jetbrains.lincheck.datastructures.BooleanGen;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jspecify.annotations.Nullable;

/**
 * And what the keeper and the database's answers do meanwhile. What the database says of the credit's lease is {@link
 * #LEASED}, by version, and is heard in any order. What only the keeper's thread does is of the group "keeper".
 */
@Param(name = "thread", gen = ThreadIdGen.class)
@Param(name = "amount", gen = IntGen.class, conf = "2:6")
@Param(name = "version", gen = IntGen.class, conf = "2:6")
@Param(name = "epoch", gen = IntGen.class, conf = "1:2")
@Param(name = "either", gen = BooleanGen.class)
public final class WalletActs extends WalletCalls {
    private @Nullable Return back;

    // What is heard of the database -----------------------------------------------------------------------------------

    /** The answer to a take in the node's life {@code epoch}. */
    @Operation
    public void takes(@Param(name = "version") int version, @Param(name = "epoch") int epoch) {
        wallet.adopt(List.of(new Taken(CREDIT, 1, LEASED[version], version, 0, 0, 0, 0)), epoch);
    }

    /** Costs were booked. */
    @Operation(nonParallelGroup = "keeper")
    public void books(@Param(name = "amount") int cost, @Param(name = "version") int version) {
        wallet.booked(Map.of(CREDIT, (long) cost), Map.of(), Map.of(CREDIT, new LeaseState(LEASED[version], version)));
    }

    /** Begins to hand back what is free. */
    @Operation(nonParallelGroup = "keeper")
    public long isRecalled() {
        if (back != null) {
            return -1;
        }
        back = wallet.recall(CREDIT, NOW);
        return back == null ? -1 : back.amount();
    }

    /** The hand-back was answered: it was done, or it was not. */
    @Operation(nonParallelGroup = "keeper")
    public void hasHandedBack(@Param(name = "either") boolean done, @Param(name = "version") int version) {
        if (back != null) {
            wallet.returned(back, done ? new LeaseState(LEASED[version], version) : null);
            back = null;
        }
    }

    // The node's life -------------------------------------------------------------------------------------------------

    /** The life is over: nothing may be drawn on the leases. */
    @Operation(nonParallelGroup = "keeper")
    public void expires() {
        life.begin(2);
    }

    /** Somebody took the leases over. */
    @Operation(nonParallelGroup = "keeper")
    public void loses() {
        wallet.lose(2);
    }

    @Operation(nonParallelGroup = "keeper")
    public void livesOn() {
        life.renewed(NOW);
    }
}
