package io.mixgateway.platform.credit;

import io.mixgateway.relay.call.KeyId;
import io.mixgateway.relay.money.Nanos;
import io.mixgateway.relay.port.Credit.CapExceeded;
import io.mixgateway.relay.port.Credit.HoldAnswer;
import io.mixgateway.relay.port.Credit.InsufficientCredits;
import io.mixgateway.relay.port.Credit.Unavailable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What calls lack in a wallet's purses: how much to ask the database for, whether it may yet come, and what they are told
 * when it does not. Called under the wallet's lock.
 */
final class Shortage {
    private Shortage() {}

    /** What the purses are short of for these calls. */
    static List<Want> wants(List<Waiter> waiters, Map<KeyId, Pocket> pockets, long nowMillis) {
        record Need(long sum, long least) {}
        var needs = new HashMap<Purse, Need>();
        for (Waiter waiter : waiters) {
            var pocket = pockets.get(waiter.caller().key());
            if (pocket != null && waiter.amount() > 0) {
                for (Purse purse : pocket.purses()) {
                    needs.merge(
                            purse,
                            new Need(waiter.amount(), waiter.amount()),
                            (a, b) -> new Need(saturated(a.sum, b.sum), Math.min(a.least, b.least)));
                }
            }
        }
        var wants = new ArrayList<Want>();
        needs.forEach((purse, need) -> {
            long free = purse.free();
            if (need.sum > free) {
                wants.add(new Want(
                        purse.budget(),
                        Math.max(1, saturated(need.least, -free)),
                        saturated(need.sum, -free),
                        purse.contended(nowMillis) ? 0 : Math.max(purse.target(), saturated(need.sum, need.sum))));
            }
        });
        return wants;
    }

    /** Whether some of these calls do not fit, but may when what is just being booked or handed back has been. */
    static boolean mayEndSoon(List<Waiter> waiters, Map<KeyId, Pocket> pockets, Map<Long, Taken> answers) {
        for (Waiter waiter : waiters) {
            var pocket = pockets.get(waiter.caller().key());
            for (Purse purse : pocket == null ? List.<Purse>of() : pocket.purses()) {
                var taken = answers.get(purse.budget());
                if (taken != null && mayFit(purse, waiter.amount(), taken, purse.unsure())) {
                    return true;
                }
            }
        }
        return false;
    }

    /** What a call is told that {@code answers} show cannot be paid; null when it may fit after all. */
    static @Nullable HoldAnswer refusal(
            Waiter waiter, @Nullable Pocket pocket, Map<Long, Taken> answers, Map<Long, Want> asked) {
        if (pocket == null) {
            return null;
        }
        for (int i = 0; i < pocket.purses().size(); i++) {
            var purse = pocket.purses().get(i);
            var taken = answers.get(purse.budget());
            var want = asked.get(purse.budget());
            if (!purse.fits(waiter.amount()) && taken != null && want != null && taken.slice() < want.need()) {
                long left = saturated(taken.available(), purse.free());
                if (waiter.amount() <= left) {
                    return null; // A booking or a hand-back was heard of, or a call ended, after it was asked for.
                }
                if (mayFit(purse, waiter.amount(), taken, purse.unsure() + taken.awaited() + taken.stranded())) {
                    return new Unavailable(
                            "some of the credit is on its way between this node, the database and others");
                }
                var available = new Nanos(Math.max(0, left));
                if (i == 0) {
                    return new InsufficientCredits(new Nanos(taken.balance() - purse.pending()), available);
                }
                var cap = pocket.terms().caps().get(i - 1);
                return new CapExceeded(cap.amount(), cap.period(), available);
            }
        }
        return null;
    }

    private static boolean mayFit(Purse purse, long amount, Taken taken, long unsure) {
        return !purse.fits(amount) && unsure > 0 && amount <= saturated(purse.free() + unsure, taken.available());
    }

    private static long saturated(long a, long b) {
        long sum = a + b;
        return ((a ^ sum) & (b ^ sum)) < 0 ? Long.MAX_VALUE : sum;
    }
}
