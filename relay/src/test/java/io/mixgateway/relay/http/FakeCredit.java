package io.mixgateway.relay.http;

import io.mixgateway.relay.call.AccountId;
import io.mixgateway.relay.call.Caller;
import io.mixgateway.relay.call.Generation;
import io.mixgateway.relay.call.GenerationId;
import io.mixgateway.relay.money.Nanos;
import io.mixgateway.relay.port.Credit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Exact books in memory: balances, open holds, settled generations, and every breach of the hold's contract. */
final class FakeCredit implements Credit {
    private final Map<AccountId, Nanos> balances = new HashMap<>();
    private final Map<AccountId, Nanos> held = new HashMap<>();
    private final List<Generation> settled = new ArrayList<>();
    private final List<String> breaches = new ArrayList<>();
    private int asked;
    private int open;
    private int released;
    private boolean answersLater;
    private boolean nothingAtHand;

    synchronized void grant(AccountId account, Nanos amount) {
        balances.merge(account, amount, Nanos::plus);
    }

    /** Answers every hold by {@link Later}, from another thread. */
    synchronized void answersLater() {
        answersLater = true;
    }

    /** Lets no hold grow at once, as where the money must be fetched. */
    synchronized void nothingAtHand() {
        nothingAtHand = true;
    }

    @Override
    public synchronized HoldAnswer hold(Caller caller, GenerationId generation, Nanos amount) {
        asked++;
        if (answersLater) {
            return new Later(CompletableFuture.supplyAsync(
                    () -> decide(caller, generation, amount),
                    CompletableFuture.delayedExecutor(5, TimeUnit.MILLISECONDS)));
        }
        return decide(caller, generation, amount);
    }

    @Override
    public synchronized boolean isAmple(Caller caller, Nanos amount) {
        return available(caller.account()).value() / 10 > amount.value();
    }

    private synchronized HoldAnswer decide(Caller caller, GenerationId generation, Nanos amount) {
        if (amount.isNegative()) {
            breaches.add("a negative hold: " + amount);
        }
        var available = available(caller.account());
        if (available.compareTo(amount) < 0) {
            return new InsufficientCredits(balance(caller.account()), available);
        }
        held.merge(caller.account(), amount, Nanos::plus);
        open++;
        return new Held(new OneHold(caller.account(), generation, amount));
    }

    synchronized Nanos balance(AccountId account) {
        return balances.getOrDefault(account, Nanos.ZERO);
    }

    synchronized Nanos available(AccountId account) {
        return balance(account).minus(held.getOrDefault(account, Nanos.ZERO));
    }

    /** All settled generations, in order. */
    synchronized List<Generation> settled() {
        return List.copyOf(settled);
    }

    /** How often a hold was asked for. */
    synchronized int asked() {
        return asked;
    }

    synchronized int open() {
        return open;
    }

    synchronized int released() {
        return released;
    }

    /** Holds ended twice, negative amounts, generations that are not the hold's. */
    synchronized List<String> breaches() {
        return List.copyOf(breaches);
    }

    private final class OneHold implements Hold {
        private final AccountId account;
        private final GenerationId generation;
        private Nanos amount;
        private boolean ended;

        private OneHold(AccountId account, GenerationId generation, Nanos amount) {
            this.account = account;
            this.generation = generation;
            this.amount = amount;
        }

        @Override
        public Nanos amount() {
            synchronized (FakeCredit.this) {
                return amount;
            }
        }

        @Override
        public boolean raise(Nanos more) {
            synchronized (FakeCredit.this) {
                if (ended || nothingAtHand || available(account).compareTo(more) < 0) {
                    return false;
                }
                amount = amount.plus(more);
                held.merge(account, more, Nanos::plus);
                return true;
            }
        }

        @Override
        public void settle(Generation done) {
            synchronized (FakeCredit.this) {
                if (ended) {
                    breaches.add("settled after its end: " + done.id());
                    throw new IllegalStateException("hold of " + generation + " has ended");
                }
                if (!done.id().equals(generation) || !done.account().equals(account)) {
                    breaches.add("hold of " + generation + " settled with " + done);
                }
                end();
                settled.add(done);
                balances.merge(account, done.cost(), Nanos::minus);
            }
        }

        @Override
        public void release() {
            synchronized (FakeCredit.this) {
                if (!ended) {
                    end();
                    released++;
                }
            }
        }

        private void end() {
            ended = true;
            open--;
            held.merge(account, amount, Nanos::minus);
        }
    }
}
