package io.mixgateway.platform.credit;

import io.mixgateway.platform.credit.LeaseStore.LeaseState;
import io.mixgateway.platform.credit.LeaseStore.Return;
import io.mixgateway.relay.call.AccountId;
import io.mixgateway.relay.call.Caller;
import io.mixgateway.relay.call.GenerationId;
import io.mixgateway.relay.call.KeyId;
import io.mixgateway.relay.port.Credit.Barred;
import io.mixgateway.relay.port.Credit.Held;
import io.mixgateway.relay.port.Credit.HoldAnswer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What this node has of one account's money: a purse for the credit and one for each spend cap of the keys that call.
 * Thread-safe: one lock for all of them, so a hold takes from every purse it needs or from none. The lock is held for
 * some additions only, never while anything is waited for.
 */
final class Wallet {
    private static final long ASK_AHEAD_EVERY_MILLIS = 200;

    private final AccountId account;
    private final Settling settling;
    private final Map<KeyId, Pocket> pockets = new HashMap<>();
    private final Map<Long, Purse> purses = new HashMap<>();
    private final ArrayDeque<Waiter> waiting = new ArrayDeque<>();
    private boolean asking;
    private long epoch;
    private long askAheadAtMillis;
    private boolean retired;
    private long usedAtMillis;

    Wallet(AccountId account, Settling settling) {
        this.account = account;
        this.settling = settling;
        this.usedAtMillis = settling.clock().millis(); // made for a call that is just about to ask
    }

    AccountId account() {
        return account;
    }

    /**
     * The hold, or why not, when that is certain; null when the database must be asked first. The node's life is looked at
     * here, under the lock, because whoever asked the database may have been held up since for as long as a life.
     */
    synchronized @Nullable HoldAnswer tryHold(Caller caller, GenerationId generation, long amount, long nowMillis) {
        if (!settling.life().usable(nowMillis)) {
            return null;
        }
        usedAtMillis = nowMillis;
        var pocket = pockets.get(caller.key());
        if (pocket == null || !pocket.valid(nowMillis)) {
            return null;
        }
        pocket.used(nowMillis);
        if (pocket.terms().barred().isPresent()) {
            return new Barred(pocket.terms().barred().get());
        }
        if (!take(pocket, amount, nowMillis)) {
            return null;
        }
        return new Held(new LeasedHold(settling, this, pocket, caller, generation, amount));
    }

    /** Whether every purse of the key has several times {@code amount} free. */
    synchronized boolean isAmple(KeyId key, long amount, long nowMillis) {
        var pocket = pockets.get(key);
        if (pocket == null || !pocket.valid(nowMillis)) {
            return false;
        }
        for (Purse purse : pocket.purses()) {
            if (!purse.isAmpleFor(amount)) {
                return false;
            }
        }
        return true;
    }

    private boolean take(Pocket pocket, long amount, long nowMillis) {
        var from = pocket.purses();
        for (int i = 0; i < from.size(); i++) {
            if (!from.get(i).fits(amount)) {
                return false;
            }
        }
        boolean low = false;
        for (int i = 0; i < from.size(); i++) {
            from.get(i).hold(amount, nowMillis);
            low |= from.get(i).low();
        }
        if (low) {
            askAhead(nowMillis);
        }
        return true;
    }

    private void askAhead(long nowMillis) {
        if (!asking && nowMillis >= askAheadAtMillis) {
            asking = true;
            askAheadAtMillis = nowMillis + ASK_AHEAD_EVERY_MILLIS;
            settling.askAhead().accept(this);
        }
    }

    /**
     * Puts a call into the queue; gives whether somebody must go and ask ({@link #round}).
     *
     * @return null when the queue is full or this wallet was given up
     */
    synchronized @Nullable Boolean enqueue(Waiter waiter, int maxWaiting) {
        if (retired || waiting.size() >= maxWaiting) {
            return null;
        }
        waiting.add(waiter);
        boolean mustAsk = !asking;
        asking = true;
        return mustAsk;
    }

    synchronized boolean retired() {
        return retired;
    }

    /** The calls to ask for now; empty when none waits any more, and then whoever asks must stop. */
    synchronized List<Waiter> round() {
        waiting.removeIf(waiter -> waiter.answer().isDone());
        if (waiting.isEmpty()) {
            asking = false;
            return List.of();
        }
        return List.copyOf(waiting);
    }

    synchronized boolean knows(KeyId key, long nowMillis) {
        var pocket = pockets.get(key);
        return pocket != null && pocket.valid(nowMillis);
    }

    /** Takes the terms of a key; purses of windows that are over stay until they are empty. */
    synchronized void learn(KeyId key, Terms terms, long nowMillis) {
        var pocket = pockets.get(key);
        if (pocket != null && pocket.terms().equals(terms)) {
            return;
        }
        var own = new ArrayList<Purse>();
        if (terms.barred().isEmpty()) {
            own.add(purses.computeIfAbsent(terms.creditBudget(), id -> new Purse(id, nowMillis)));
            for (Terms.Cap cap : terms.caps()) {
                own.add(purses.computeIfAbsent(cap.budget(), id -> new Purse(id, nowMillis)));
            }
        }
        pockets.put(key, new Pocket(terms, own, pocket == null ? nowMillis : pocket.usedAtMillis()));
    }

    /** The terms of every key that this wallet knows. */
    synchronized void terms(Map<KeyId, Terms> into) {
        pockets.forEach((key, pocket) -> into.put(key, pocket.terms()));
    }

    /** What the purses are short of for these calls. */
    synchronized List<Want> wants(List<Waiter> waiters, long nowMillis) {
        return Shortage.wants(waiters, pockets, nowMillis);
    }

    /** What the purses would like to have on top, with nobody waiting. */
    synchronized List<Want> spareWants(long nowMillis) {
        var wants = new ArrayList<Want>();
        for (Purse purse : purses.values()) {
            long missed = purse.takeMissed();
            long spare = purse.low() && !purse.contended(nowMillis) ? purse.target() - purse.free() : 0;
            if ((missed > 0 || spare > 0) && inUse(purse)) {
                wants.add(new Want(purse.budget(), missed, missed, spare));
            }
        }
        return wants;
    }

    private boolean inUse(Purse purse) {
        return pockets.values().stream().anyMatch(pocket -> pocket.purses().contains(purse));
    }

    /** @param itsEpoch of the node when it was taken: what an earlier life took is gone */
    synchronized void adopt(List<Taken> taken, long itsEpoch) {
        if (itsEpoch < epoch) {
            return;
        }
        for (Taken one : taken) {
            var purse = purses.get(one.budget());
            if (purse != null) {
                purse.heardAvailable(one.available());
            }
            if (purse != null && one.version() > 0) {
                purse.adopt(one.leased(), one.version());
            }
        }
    }

    /** A call and what it is told. Told outside of the lock, because whoever waits may go on right there. */
    record Answered(Waiter waiter, HoldAnswer answer) {
        void tell() {
            if (!waiter.answer().complete(answer) && answer instanceof Held held) {
                held.hold().release();
            }
        }
    }

    /**
     * Answers the calls it can: those that fit now, those that are barred, and those that {@code answers} show cannot be
     * paid. The others stay in the queue, because some other call was quicker with what was taken for them.
     */
    synchronized List<Answered> serve(
            List<Waiter> waiters, Map<Long, Taken> answers, Map<Long, Want> asked, long nowMillis) {
        var answered = new ArrayList<Answered>(waiters.size());
        var served = new HashSet<Waiter>();
        for (Waiter waiter : waiters) {
            var answer = tryHold(waiter.caller(), waiter.generation(), waiter.amount(), nowMillis);
            if (answer == null) {
                answer = Shortage.refusal(waiter, pockets.get(waiter.caller().key()), answers, asked);
            }
            if (answer != null) {
                served.add(waiter);
                answered.add(new Answered(waiter, answer));
            }
        }
        waiting.removeIf(served::contains);
        return answered;
    }

    /** Whether some of these calls do not fit, but may when what is just being booked or handed back has been. */
    synchronized boolean mayFitSoon(List<Waiter> waiters, Map<Long, Taken> answers) {
        return Shortage.mayEndSoon(waiters, pockets, answers);
    }

    /** Answers all of {@code waiters} with the same refusal. */
    synchronized List<Answered> refuse(List<Waiter> waiters, HoldAnswer answer) {
        waiting.removeIf(new HashSet<>(waiters)::contains);
        return waiters.stream().map(waiter -> new Answered(waiter, answer)).toList();
    }

    // What holds do -------------------------------------------------------------------------------------------------

    synchronized boolean raise(Pocket pocket, long more, long nowMillis) {
        if (!settling.life().usable(nowMillis)) {
            return false;
        }
        if (take(pocket, more, nowMillis)) {
            return true;
        }
        for (Purse purse : pocket.purses()) {
            if (!purse.fits(more)) {
                purse.miss(more);
            }
        }
        askAhead(nowMillis);
        return false;
    }

    synchronized void release(Pocket pocket, long amount) {
        for (Purse purse : pocket.purses()) {
            purse.release(amount);
        }
    }

    /** Whether every purse can count {@code cost} beside what it owes the database already. */
    synchronized boolean canOwe(Pocket pocket, long cost) {
        for (Purse purse : pocket.purses()) {
            if (!purse.canOwe(cost)) {
                return false;
            }
        }
        return true;
    }

    synchronized void settle(Pocket pocket, long amount, long cost, long nowMillis) {
        usedAtMillis = nowMillis;
        for (Purse purse : pocket.purses()) {
            purse.settle(amount, cost, nowMillis);
        }
    }

    // What the keeper and the flusher do ----------------------------------------------------------------------------

    /** What the database should show as held once costs of {@code booking} (by budget) are booked. */
    synchronized void heldAfter(Map<Long, Long> booking, Map<Long, Long> into) {
        booking.forEach((budget, cost) -> {
            var purse = purses.get(budget);
            if (purse != null) {
                into.put(budget, Math.max(0, purse.toReport() - cost));
            }
        });
    }

    /** Costs of these budgets are being booked. */
    synchronized void booking(Set<Long> budgets) {
        for (Long budget : budgets) {
            var purse = purses.get(budget);
            if (purse != null) {
                purse.booking();
            }
        }
    }

    /** The costs are in the database. */
    synchronized void booked(Map<Long, Long> costs, Map<Long, Long> reported, Map<Long, LeaseState> states) {
        costs.forEach((budget, cost) -> {
            var purse = purses.get(budget);
            if (purse != null) {
                purse.booked(cost);
                purse.reported(reported.getOrDefault(budget, 0L));
                var state = states.get(budget);
                if (state != null) {
                    purse.adopt(state.amount(), state.version());
                }
            }
        });
    }

    /** Purses whose held amount the database does not know yet. */
    synchronized void toReport(Map<Long, Long> into) {
        for (Purse purse : purses.values()) {
            long held = purse.toReport();
            if (held != purse.reportedHeld()) {
                into.put(purse.budget(), held);
            }
        }
    }

    synchronized void reported(Map<Long, Long> held) {
        for (Purse purse : purses.values()) {
            var said = held.get(purse.budget());
            if (said != null) {
                purse.reported(said);
            }
        }
    }

    /** What can be handed back; it is out of the holds' reach from now on, until {@link #returned}. */
    synchronized void idleReturns(long nowMillis, long idleAfterMillis, List<Return> into) {
        for (Purse purse : purses.values()) {
            long surplus = asking ? 0 : purse.surplus(nowMillis, idleAfterMillis);
            if (surplus > 0) {
                into.add(new Return(
                        purse.budget(), purse.beginReturn(surplus), purse.version(), false, purse.toReport()));
            }
        }
    }

    /**
     * As {@link #idleReturns}, for a budget that another node needs: all that is free, and nothing beyond need for a while. Null
     * while it is not sure what is free: whoever asks takes an answer for all there is.
     */
    synchronized @Nullable Return recall(long budget, long contendedUntilMillis) {
        var purse = purses.get(budget);
        if (purse == null) {
            return null;
        }
        purse.contend(contendedUntilMillis);
        if (purse.unsure() > 0) {
            return null;
        }
        long free = Math.max(0, purse.free());
        return new Return(budget, purse.beginReturn(free), purse.version(), true, purse.toReport());
    }

    synchronized boolean has(long budget) {
        return purses.containsKey(budget);
    }

    /** @param state what the database said, or null when it did nothing */
    synchronized void returned(Return back, @Nullable LeaseState state) {
        var purse = purses.get(back.budget());
        if (purse != null) {
            if (state != null) {
                purse.adopt(state.amount(), state.version());
                purse.reported(back.held());
            }
            purse.endReturn(back.amount());
        }
    }

    /** The budgets of purses that believe to have something leased. */
    synchronized void leased(Set<Long> into) {
        for (Purse purse : purses.values()) {
            if (purse.leased() != 0) {
                into.add(purse.budget());
            }
        }
    }

    synchronized void adopt(Map<Long, LeaseState> states) {
        for (Purse purse : purses.values()) {
            var state = states.get(purse.budget());
            if (state != null) {
                purse.adopt(state.amount(), state.version());
            }
        }
    }

    synchronized void lose(long newEpoch) {
        epoch = newEpoch;
        purses.values().forEach(Purse::lose);
    }

    synchronized void sample(double seconds) {
        purses.values().forEach(purse -> purse.sample(seconds));
    }

    /**
     * Forgets keys that do not call any more and purses of windows that are over, and gives whether the whole wallet can be forgotten: unused for a while,
     * empty, with nobody waiting. It answers nothing from then on.
     */
    synchronized boolean retireIfUnused(long nowMillis, long unusedAfterMillis) {
        pockets.values().removeIf(pocket -> nowMillis - pocket.usedAtMillis() >= unusedAfterMillis);
        purses.values().removeIf(purse -> purse.empty() && purse.reportedHeld() == 0 && !inUse(purse));
        if (asking || !waiting.isEmpty() || nowMillis - usedAtMillis < unusedAfterMillis) {
            return false;
        }
        for (Purse purse : purses.values()) {
            if (!purse.empty() || purse.reportedHeld() != 0) {
                return false;
            }
        }
        retired = true;
        return true;
    }
}
