package io.mixgateway.platform.credit;

import io.mixgateway.platform.credit.LeaseStore.LeaseState;
import io.mixgateway.platform.journal.Batch;
import io.mixgateway.platform.journal.Journal;
import io.mixgateway.platform.journal.Settled;
import io.mixgateway.relay.call.AccountId;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves records from the journal to the database: book, then tell the purses, then advance. When the database fails,
 * nothing is advanced and the same records are booked again later; those that a lost answer hid are found to be there.
 * Used by one thread.
 */
final class Flusher {
    private static final Logger log = LoggerFactory.getLogger(Flusher.class);

    private final Journal journal;
    private final UsageBooking booking;
    private final Function<AccountId, @Nullable Wallet> wallets;
    private final int batchRecords;
    private final AtomicLong booked = new AtomicLong();
    private final AtomicLong rejected = new AtomicLong();

    Flusher(Journal journal, UsageBooking booking, Function<AccountId, @Nullable Wallet> wallets, int batchRecords) {
        this.journal = journal;
        this.booking = booking;
        this.wallets = wallets;
        this.batchRecords = batchRecords;
    }

    /** What a flush found to move. */
    enum Moved {
        NOTHING,
        /** All there was. */
        THE_REST,
        A_FULL_BATCH
    }

    /**
     * Moves one batch.
     *
     * @throws DataAccessException when the database fails; try again later
     */
    Moved flush() {
        var batch = journal.next(batchRecords);
        if (batch != null) {
            move(batch);
            return batch.full() ? Moved.A_FULL_BATCH : Moved.THE_REST;
        }
        var spilled = journal.spilled();
        if (spilled.isEmpty()) {
            return Moved.NOTHING;
        }
        var some = spilled.subList(0, Math.min(spilled.size(), batchRecords));
        var told = new Told();
        book(some, true, told);
        journal.dropSpilled(some.size());
        told.tell();
        return some.size() < spilled.size() ? Moved.A_FULL_BATCH : Moved.THE_REST;
    }

    /** Moves everything, also what comes meanwhile. */
    void flushAll() {
        while (flush() != Moved.NOTHING) {
            log.debug("booking: {} bytes to go", journal.backlogBytes());
        }
    }

    private void move(Batch batch) {
        var told = new Told();
        book(batch.records(), batch.live(), told);
        journal.advance(batch.end());
        told.tell();
    }

    /**
     * What the purses are to be told once the journal has been advanced: until then the same records may be booked
     * again, and a purse that is told twice would take a cost for paid that is not.
     */
    private final class Told {
        private final List<Runnable> words = new ArrayList<>();

        void add(Map<AccountId, Map<Long, Long>> costs, Map<Long, Long> held, Map<Long, LeaseState> states) {
            words.add(() -> costs.forEach((account, byBudget) -> {
                var wallet = wallets.apply(account);
                if (wallet != null) {
                    wallet.booked(byBudget, held, states);
                }
            }));
        }

        void tell() {
            words.forEach(Runnable::run);
        }
    }

    private void book(List<Settled> records, boolean live, Told told) {
        try {
            bookTogether(records, live, told);
            booked.addAndGet(records.size());
        } catch (DataAccessException | ArithmeticException e) {
            if (!refused(e)) {
                throw e;
            }
            if (records.size() > 1) {
                // Some record in it is refused: halve until it is found.
                int half = records.size() / 2;
                book(records.subList(0, half), live, told);
                book(records.subList(half, records.size()), live, told);
                return;
            }
            var bad = records.getFirst();
            log.error(
                    "generation {} cannot be booked; it is kept in usage_rejected",
                    bad.generation().id(),
                    e);
            booking.reject(bad, String.valueOf(e.getMessage()));
            rejected.incrementAndGet();
            // Never to be charged: what it cost is not owed any more.
            told.add(costs(records, live), Map.of(), Map.of());
        }
    }

    /**
     * Whether trying again would not help: a sum that leaves the range of a long, here or in the database (SQLSTATE class
     * 22, a value that does not fit), or a broken constraint (23).
     */
    private static boolean refused(RuntimeException e) {
        if (!(e instanceof DataAccessException failed)) {
            return true;
        }
        var cause = failed.getCause(SQLException.class);
        var state = cause == null ? null : cause.getSQLState();
        return state != null && (state.startsWith("22") || state.startsWith("23"));
    }

    private void bookTogether(List<Settled> records, boolean live, Told told) {
        var costs = costs(records, live);
        var held = new HashMap<Long, Long>();
        costs.forEach((account, byBudget) -> {
            var wallet = wallets.apply(account);
            if (wallet != null) {
                wallet.heldAfter(byBudget, held);
                wallet.booking(byBudget.keySet());
            }
        });
        told.add(costs, held, booking.book(records, held));
    }

    /** What each account's purses are owed; none for records of an earlier process, whose purses are gone. */
    private static Map<AccountId, Map<Long, Long>> costs(List<Settled> records, boolean live) {
        var costs = new HashMap<AccountId, Map<Long, Long>>();
        if (live) {
            for (Settled settled : records) {
                var byBudget = costs.computeIfAbsent(settled.generation().account(), _ -> new TreeMap<>());
                long cost = settled.generation().cost().value();
                for (Long budget : settled.budgets()) {
                    byBudget.merge(budget, cost, Math::addExact);
                }
            }
        }
        return costs;
    }

    long booked() {
        return booked.get();
    }

    long rejected() {
        return rejected.get();
    }
}
