package io.mixgateway.platform.credit;

import io.mixgateway.platform.credit.Flusher.Moved;
import io.mixgateway.platform.credit.LeaseStore.LeaseState;
import io.mixgateway.platform.credit.LeaseStore.Return;
import io.mixgateway.platform.credit.NodeStore.Fenced;
import io.mixgateway.platform.journal.Journal;
import io.mixgateway.relay.call.AccountId;
import io.mixgateway.relay.call.KeyId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jooq.exception.DataAccessException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What must be done again and again beside the calls, on one thread: flush the journal, hand back what is recalled or
 * idle, tell what is held, say that this node is alive, follow caps and states of accounts, release dead nodes' leases.
 */
final class Keeper {
    private static final Logger log = LoggerFactory.getLogger(Keeper.class);
    private static final long CONTENDED_MILLIS = 2_000;
    private static final long UNUSED_MILLIS = 10_000;
    private static final long QUIET_LOG_MILLIS = 10_000;
    private static final int FLUSHES_PER_TURN = 20;

    private final Stores stores;
    private final Flusher flusher;
    private final Journal journal;
    private final NodeLife life;
    private final Map<AccountId, Wallet> wallets;
    private final CreditSettings settings;

    private final List<Owed> unsure = new ArrayList<>();

    private volatile boolean recallHeard;
    private long heartbeatAt;
    private long reportAt;
    private long refreshAt;
    private long sampledAt;
    private long loggedAt;
    private volatile boolean failing;

    Keeper(
            Stores stores,
            Flusher flusher,
            Journal journal,
            NodeLife life,
            Map<AccountId, Wallet> wallets,
            CreditSettings settings) {
        this.stores = stores;
        this.flusher = flusher;
        this.journal = journal;
        this.life = life;
        this.wallets = wallets;
        this.settings = settings;
        this.sampledAt = life.nowMillis();
        this.heartbeatAt = sampledAt + settings.heartbeatEvery().toMillis();
    }

    /** Another node asks for something back; the next turn looks what. */
    void recallHeard() {
        recallHeard = true;
    }

    boolean hasRecall() {
        return recallHeard;
    }

    /** One turn of everything that is due. A failure of one part does not keep the others from their turn. */
    void turn() {
        long now = life.nowMillis();
        boolean well = attempt("flush", this::flush);
        well &= attempt("make sure of leases", this::makeSure);
        well &= attempt("recall", this::answerRecalls);
        if (now >= reportAt || now < reportAt - settings.reportEvery().toMillis()) {
            reportAt = now + settings.reportEvery().toMillis();
            sample(now);
            well &= attempt("hand back", this::handBackIdle);
            well &= attempt("report", this::report);
        }
        if (now >= refreshAt || now < refreshAt - settings.refreshEvery().toMillis()) {
            refreshAt = now + settings.refreshEvery().toMillis();
            well &= attempt("refresh", this::refresh);
        }
        if (now >= heartbeatAt || now < heartbeatAt - settings.heartbeatEvery().toMillis()) {
            well &= attempt("heartbeat", this::heartbeat);
            heartbeatAt = now + (well ? settings.heartbeatEvery().toMillis() : 500);
        }
        if (well && failing) {
            log.info("the money database answers again");
        }
        failing = !well;
    }

    /** Whether the database failed in the last turn. */
    boolean failing() {
        return failing;
    }

    private boolean attempt(String what, Runnable part) {
        try {
            part.run();
            return true;
        } catch (Fenced _) {
            return attempt("a new life", this::beginAgain);
        } catch (RuntimeException e) {
            long now = life.nowMillis();
            if (!failing || now - loggedAt > QUIET_LOG_MILLIS) {
                loggedAt = now;
                if (e instanceof DataAccessException || e instanceof IllegalStateException) {
                    log.warn("{} failed and is tried again: {}", what, e.toString());
                } else {
                    log.error("{} failed, which was not foreseen, and is tried again", what, e);
                }
            }
            failing = true;
            return false;
        }
    }

    private void flush() {
        if (journal.trouble() != null) {
            journal.retrySpilled();
        }
        // What came in while the rest was booked waits for the next turn: some records cost nearly as much as a
        // hundred.
        for (int i = 0; i < FLUSHES_PER_TURN && flusher.flush() == Moved.A_FULL_BATCH; i++) {
            if (recallHeard) {
                answerRecalls();
            }
        }
    }

    private void answerRecalls() {
        if (wallets.isEmpty() && !recallHeard) {
            return;
        }
        recallHeard = false;
        var budgets = stores.leases().recalled();
        if (budgets.isEmpty()) {
            return;
        }
        if (!handBackRecalled(budgets)) {
            // A slice was taken and not heard of. Looked at now, not at the next heartbeat: somebody waits.
            lookAtLeases(life.epoch());
            handBackRecalled(stores.leases().recalled());
        }
    }

    /** Hands back what is free of these; false when a lease has no purse, or is not what its purse takes it for. */
    private boolean handBackRecalled(List<Long> budgets) {
        long until = life.nowMillis() + CONTENDED_MILLIS;
        var returns = new ArrayList<Owed>();
        for (Long budget : budgets) {
            for (Wallet wallet : wallets.values()) {
                var back = wallet.recall(budget, until);
                if (back != null) {
                    returns.add(new Owed(wallet, back));
                }
            }
        }
        return handBack(returns) == budgets.size();
    }

    private void handBackIdle() {
        long now = life.nowMillis();
        var returns = new ArrayList<Owed>();
        for (Wallet wallet : List.copyOf(wallets.values())) {
            var some = new ArrayList<Return>();
            wallet.idleReturns(now, settings.idleAfter().toMillis(), some);
            some.forEach(back -> returns.add(new Owed(wallet, back)));
            if (wallet.retireIfUnused(now, UNUSED_MILLIS)) {
                wallets.remove(wallet.account(), wallet);
            }
        }
        handBack(returns);
    }

    /** A hand-back and the wallet it is from. */
    private record Owed(Wallet wallet, Return back) {}

    /** Gives how many of them the database carried out. */
    private int handBack(List<Owed> returns) {
        if (returns.isEmpty()) {
            return 0;
        }
        long epoch = life.epoch();
        Map<Long, LeaseState> states;
        try {
            states = stores.leases()
                    .handBack(epoch, returns.stream().map(Owed::back).toList());
        } catch (RuntimeException e) {
            unsure.addAll(returns);
            throw e;
        }
        returns.forEach(owed -> owed.wallet.returned(owed.back, states.get(owed.back.budget())));
        return states.size();
    }

    /**
     * A hand-back whose answer was lost has happened, or may yet happen. A new version of every lease rules the second
     * out, and the amount that comes with it, or that the lease is gone, tells which; until then what was handed back is out of reach.
     */
    private void makeSure() {
        if (!unsure.isEmpty()) {
            var states = stores.leases().resync(life.epoch(), leased());
            wallets.values().forEach(wallet -> wallet.adopt(states));
            unsure.forEach(owed -> owed.wallet.returned(owed.back, states.get(owed.back.budget())));
            unsure.clear();
        }
    }

    /** The budgets that this node believes to have leases of. */
    private Set<Long> leased() {
        var budgets = new TreeSet<Long>();
        wallets.values().forEach(wallet -> wallet.leased(budgets));
        return budgets;
    }

    private void report() {
        var held = new TreeMap<Long, Long>();
        wallets.values().forEach(wallet -> wallet.toReport(held));
        if (!held.isEmpty()) {
            stores.leases().report(held);
            wallets.values().forEach(wallet -> wallet.reported(held));
        }
    }

    private void sample(long now) {
        double seconds = Math.max(0.05, (now - sampledAt) / 1000.0);
        sampledAt = now;
        wallets.values().forEach(wallet -> wallet.sample(seconds));
    }

    private void refresh() {
        var accounts = new HashMap<KeyId, AccountId>();
        var terms = new HashMap<KeyId, Terms>();
        for (Wallet wallet : wallets.values()) {
            var known = new HashMap<KeyId, Terms>();
            wallet.terms(known);
            known.keySet().forEach(key -> accounts.put(key, wallet.account()));
            terms.putAll(known);
        }
        if (terms.isEmpty()) {
            return;
        }
        for (KeyId key : stores.terms().changed(accounts, terms)) {
            var wallet = wallets.get(accounts.get(key));
            if (wallet != null) {
                long now = life.nowMillis();
                wallet.learn(key, stores.terms().terms(wallet.account(), key, Instant.ofEpochMilli(now)), now);
            }
        }
    }

    private void heartbeat() {
        long asked = life.nowMillis();
        long epoch = life.epoch();
        stores.nodes().heartbeat(epoch, settings.leaseLife());
        life.renewed(asked);
        lookAtLeases(epoch);
        stores.days().make();
        for (String node : stores.nodes().releaseSilentNodes(settings.grace())) {
            log.warn("released the leases of {}, which has been silent for too long", node);
        }
    }

    private void lookAtLeases(long epoch) {
        var states = stores.leases().resync(epoch, leased());
        wallets.values().forEach(wallet -> wallet.adopt(states));
        handBackForgotten(epoch, states);
    }

    /** A slice whose taking was answered too late lies in no purse. */
    private void handBackForgotten(long epoch, Map<Long, LeaseState> states) {
        var returns = new ArrayList<Return>();
        states.forEach((budget, state) -> {
            if (wallets.values().stream().noneMatch(wallet -> wallet.has(budget))) {
                returns.add(new Return(budget, state.amount(), state.version(), true, 0));
            }
        });
        if (!returns.isEmpty()) {
            stores.leases().handBack(epoch, returns);
        }
    }

    /** Somebody took over: what was leased is gone, what is held and not booked yet will be booked as truth. */
    private void beginAgain() {
        log.error("another node took over the leases of this one; it starts again with none");
        long asked = life.nowMillis();
        long epoch = stores.nodes().register(settings.leaseLife());
        life.begin(epoch);
        wallets.values().forEach(wallet -> wallet.lose(epoch));
        stores.nodes().releaseBefore(epoch);
        life.renewed(asked);
    }
}
