package io.mixgateway.platform.credit;

import io.mixgateway.platform.journal.Journal;
import io.mixgateway.platform.store.Database;
import io.mixgateway.relay.call.AccountId;
import io.mixgateway.relay.call.Caller;
import io.mixgateway.relay.call.GenerationId;
import io.mixgateway.relay.money.Nanos;
import io.mixgateway.relay.port.Credit;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The accounts' money on this node. {@link #hold} takes from what the node has leased, in memory; what is not there is
 * asked of the database beside the calls. A settled hold is in the journal, and in the database some hundred
 * milliseconds later.
 *
 * <p>{@link #open} once, before the first call; {@link #close} after the last hold has ended, before the journal and
 * the database.
 */
public final class LeasedCredit implements Credit, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LeasedCredit.class);
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(20);

    private final Journal journal;
    private final CreditSettings settings;
    private final Stores stores;
    private final Flusher flusher;
    private final NodeLife life;
    private final Asking asking;
    private final Keeper keeper;
    private final Settling settling;
    private final Map<AccountId, Wallet> wallets = new ConcurrentHashMap<>();
    private final Thread keeping;
    private volatile boolean stopping;

    private LeasedCredit(Database database, Journal journal, InstantSource clock, CreditSettings settings) {
        this.journal = journal;
        this.settings = settings;
        this.stores = Stores.of(database, journal.node());
        this.flusher =
                new Flusher(journal, new UsageBooking(database, journal.node()), wallets::get, settings.batchRecords());
        this.life = new NodeLife(clock, settings.leaseLife());
        this.asking = new Asking(stores, life, clock, settings);
        this.keeper = new Keeper(stores, flusher, journal, life, wallets, settings);
        this.settling = new Settling(journal, clock, life, asking::start);
        this.keeping = Thread.ofPlatform().daemon().name("credit-keeper").unstarted(this::keep);
    }

    /**
     * Begins this node's life: books what the journal still holds, releases what an earlier process of this node had
     * leased, and starts. Blocking.
     *
     * @throws DataAccessException when the database fails
     */
    public static LeasedCredit open(Database database, Journal journal, InstantSource clock, CreditSettings settings) {
        var credit = new LeasedCredit(database, journal, clock, settings);
        credit.begin(database);
        return credit;
    }

    private void begin(Database database) {
        long asked = life.nowMillis();
        life.begin(stores.nodes().register(settings.leaseLife()));
        stores.days().make();
        long before = journal.backlogBytes();
        flusher.flushAll();
        if (before > 0) {
            log.info("booked {} generations that an earlier process had left in the journal", flusher.booked());
        }
        stores.nodes().releaseBefore(life.epoch());
        life.renewed(asked);
        database.onNotify(LeaseStore.RECALL, _ -> {
            keeper.recallHeard();
            LockSupport.unpark(keeping);
        });
        keeping.start();
    }

    @Override
    public HoldAnswer hold(Caller caller, GenerationId generation, Nanos amount) {
        if (amount.isNegative()) {
            throw new IllegalArgumentException("hold: " + amount + " (expected: >= 0)");
        }
        if (stopping) {
            return new Unavailable("the gateway is stopping");
        }
        var trouble = journal.trouble();
        if (trouble != null) {
            return new Unavailable(trouble);
        }
        if (journal.backlogBytes() > settings.maxBacklogBytes()) {
            return new Unavailable("the usage journal is full");
        }
        long now = life.nowMillis();
        while (true) {
            var wallet = wallets.get(caller.account());
            if (wallet == null) {
                wallet = wallets.computeIfAbsent(caller.account(), account -> new Wallet(account, settling));
            } else {
                var atOnce = wallet.tryHold(caller, generation, amount.value(), now);
                if (atOnce != null) {
                    return atOnce;
                }
            }
            var answer = later(wallet, new Waiter(caller, generation, amount.value(), new CompletableFuture<>()));
            if (answer != null) {
                return answer;
            }
            wallets.remove(caller.account(), wallet);
        }
    }

    @Override
    public boolean isAmple(Caller caller, Nanos amount) {
        var wallet = wallets.get(caller.account());
        long now = life.nowMillis();
        return wallet != null && life.usable(now) && wallet.isAmple(caller.key(), amount.value(), now);
    }

    /** Null when the wallet has been given up: there is another by now, or is to be. */
    private @Nullable HoldAnswer later(Wallet wallet, Waiter waiter) {
        var mustAsk = wallet.enqueue(waiter, settings.maxWaiting());
        if (mustAsk == null) {
            return wallet.retired()
                    ? null
                    : new Unavailable("too many calls of this account wait for the credit store");
        }
        if (mustAsk) {
            asking.start(wallet);
        }
        // Given up on its own, should the database not answer at all; what comes later then finds it done.
        waiter.answer()
                .completeOnTimeout(
                        new Unavailable("the credit store does not answer in time"),
                        settings.coldWait().toMillis(),
                        TimeUnit.MILLISECONDS);
        return new Later(waiter.answer());
    }

    private void keep() {
        long everyNanos = settings.flushEvery().toNanos();
        while (!stopping) {
            long start = System.nanoTime();
            turn();
            long left = everyNanos - (System.nanoTime() - start);
            if (left > 0 && !stopping && !keeper.hasRecall()) {
                LockSupport.parkNanos(this, left);
            }
        }
    }

    private void turn() {
        try {
            keeper.turn();
        } catch (RuntimeException e) {
            log.error("a turn of the credit keeper failed; it goes on", e);
            LockSupport.parkNanos(this, TimeUnit.SECONDS.toNanos(1));
        }
    }

    /** Bytes of generations that are not in the database yet. */
    public long backlogBytes() {
        return journal.backlogBytes();
    }

    /** Generations booked since the start. */
    public long booked() {
        return flusher.booked();
    }

    /** Generations the database refused; each is a row of {@code usage_rejected}. */
    public long rejected() {
        return flusher.rejected();
    }

    /** Whether the database failed when it was last tried. Calls go on within what is leased. */
    public boolean storeFailing() {
        return keeper.failing();
    }

    /** Takes no new calls, books what ended, and hands everything back. What cannot be booked now stays in the journal. */
    @Override
    public void close() {
        if (stopping) {
            return;
        }
        stopping = true;
        LockSupport.unpark(keeping);
        try {
            if (!keeping.join(CLOSE_WAIT)) {
                log.warn(
                        "the money database does not answer at the end: {} bytes stay in the journal for the next start",
                        journal.backlogBytes());
                return;
            }
            flusher.flushAll();
            stores.nodes().releaseBefore(life.epoch() + 1);
            stores.nodes().leave(life.epoch());
        } catch (DataAccessException | IllegalStateException e) {
            log.warn(
                    "the money database is away at the end: {} bytes stay in the journal for the next start; {}",
                    journal.backlogBytes(),
                    e.toString());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
