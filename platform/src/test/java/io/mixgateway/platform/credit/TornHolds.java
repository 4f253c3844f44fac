package io.mixgateway.platform.credit;

import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;

/**
 * The mistake of FAILURES 41, planted so that {@link WalletLincheckTest} must find it: what remains is looked at, then drawn
 * on. Each is under the lock, but not both at once.
 */
@Param(name = "amount", gen = IntGen.class, conf = "1:6")
public final class TornHolds {
    private final Purse purse = new Purse(1, 0);

    public TornHolds() {
        purse.adopt(10, 1);
    }

    @Operation
    public boolean hold(@Param(name = "amount") int amount) {
        synchronized (purse) {
            if (!purse.fits(amount)) {
                return false;
            }
        }
        synchronized (purse) {
            purse.hold(amount, 0);
        }
        return true;
    }

    @Operation
    public void settle(@Param(name = "amount") int amount, @Param(name = "amount") int cost) {
        synchronized (purse) {
            purse.settle(amount, cost, 0);
        }
    }
}
