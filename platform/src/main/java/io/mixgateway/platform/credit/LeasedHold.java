package io.mixgateway.platform.credit;

import io.mixgateway.platform.journal.Settled;
import io.mixgateway.relay.call.Caller;
import io.mixgateway.relay.call.Generation;
import io.mixgateway.relay.call.GenerationId;
import io.mixgateway.relay.money.Nanos;
import io.mixgateway.relay.port.Credit.Hold;

/**
 * Money set aside in this node's purses. Open, then settled or released, once. One that could not be settled is open
 * still, so that it can be released.
 *
 * <p>Settling writes the journal before the purses change. Should the process end between the two, the purses are gone
 * with it and the record is not; should it end before, the end of the answer has not gone out and nothing is charged.
 */
final class LeasedHold implements Hold {
    private final Settling settling;
    private final Wallet wallet;
    private final Pocket pocket;
    private final Caller caller;
    private final GenerationId generation;
    private long amount;
    private boolean open = true;

    LeasedHold(Settling settling, Wallet wallet, Pocket pocket, Caller caller, GenerationId generation, long amount) {
        this.settling = settling;
        this.wallet = wallet;
        this.pocket = pocket;
        this.caller = caller;
        this.generation = generation;
        this.amount = amount;
    }

    @Override
    public synchronized Nanos amount() {
        return new Nanos(amount);
    }

    @Override
    public synchronized boolean raise(Nanos more) {
        if (more.isNegative()) {
            throw new IllegalArgumentException("raise: " + more + " (expected: >= 0)");
        }
        if (!open) {
            return false;
        }
        boolean raised = wallet.raise(pocket, more.value(), settling.clock().millis());
        if (raised) {
            amount = Math.addExact(amount, more.value());
        }
        return raised;
    }

    @Override
    public synchronized void settle(Generation ended) {
        if (!open) {
            throw new IllegalStateException("hold of " + generation + ": ended before (expected: open)");
        }
        if (!ended.id().equals(generation)
                || !ended.account().equals(caller.account())
                || !ended.key().equals(caller.key())) {
            throw new IllegalArgumentException("generation: " + ended.id() + " of " + ended.account() + " (expected: "
                    + generation + " of " + caller.account() + ")");
        }
        long cost = ended.cost().value();
        if (!wallet.canOwe(pocket, cost)) {
            throw new IllegalArgumentException("cost of " + generation + ": " + ended.cost()
                    + " (expected: one that can be counted beside what the account owes already)");
        }
        settling.journal().append(new Settled(ended, pocket.budgets()));
        // From here on nothing may fail: what is in the journal is charged.
        open = false;
        wallet.settle(pocket, amount, cost, settling.clock().millis());
    }

    @Override
    public synchronized void release() {
        if (open) {
            open = false;
            wallet.release(pocket, amount);
        }
    }
}
