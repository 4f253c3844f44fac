package io.mixgateway.platform.ledger;

import io.mixgateway.platform.store.Database;
import io.mixgateway.platform.store.Pool;
import io.mixgateway.relay.call.AccountId;
import io.mixgateway.relay.money.Nanos;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Record;

/**
 * The books. Blocking; every method is one transaction. What it credits can be spent by the next call on any node; what
 * it takes away is not taken from what nodes have already leased (docs/money.md).
 */
public final class Ledger {
    /** The most that one movement may be of: mistyped amounts end here. */
    private static final Nanos MOST_MOVED = new Nanos(1_000_000_000L * Nanos.PER_UNIT);

    private static final Nanos LEAST_MOVED = Nanos.ZERO.minus(MOST_MOVED);

    /**
     * How far from zero a movement may take an account, a customer's or the operator's own. What is left to the range of a
     * long, over a billion, is for usage, which is booked as it is, and for sums that are made of balances.
     */
    private static final Nanos MOST_KEPT = new Nanos(8_000_000_000L * Nanos.PER_UNIT);

    private final Database database;
    private final InstantSource clock;

    public Ledger(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * Gives credit for nothing. With an idempotency key, the same grant again returns the first.
     *
     * @throws LedgerRefused for an unknown account, an amount that is not positive, or a key that was used for another
     *     grant
     */
    public Transfer grant(AccountId account, Nanos amount, String reason, Optional<String> idempotencyKey) {
        refuseUnlessMovable(amount);
        // A key of the caller's own is apart from those that other kinds of transfer make.
        var key = "grant:" + idempotencyKey.orElseGet(() -> UUID.randomUUID().toString());
        if (key.length() > 300) {
            throw new LedgerRefused("idempotency key: too long (expected: at most 290 characters)");
        }
        return database.transact(Pool.LEDGER, dsl -> {
            var currency = currency(dsl, account);
            return book(dsl, Entry.of(TransferKind.GRANT, account, currency, amount, key, reason, clock.instant()));
        });
    }

    /**
     * Books {@code entry}; the same entry again returns the first transfer.
     *
     * @throws LedgerRefused when the idempotency key names another movement, when a customer is unknown or keeps another
     *     currency, and for {@link TransferKind#USAGE}, which only generations make
     */
    public Transfer post(Entry entry) {
        if (entry.kind() == TransferKind.USAGE) {
            throw new LedgerRefused("kind: usage (expected: any other; usage is booked from generations)");
        }
        return database.transact(Pool.LEDGER, dsl -> {
            for (Posting posting : entry.postings()) {
                var account = posting.account();
                if (account.isCredit()) {
                    var kept = currency(dsl, new AccountId(account.owner()));
                    if (!kept.equals(account.currency())) {
                        throw new LedgerRefused("currency: " + account.currency() + " (expected: " + kept + ")");
                    }
                }
            }
            return book(dsl, entry);
        });
    }

    /**
     * Books a movement that an operator decides on. With an idempotency key, the same movement again returns the first.
     *
     * @param kind top-up, refund, chargeback, expiry or adjustment
     * @param amount above 0; what the account gets for a top-up, what it loses for a refund, chargeback or expiry; of an
     *     adjustment either, by its sign
     * @throws LedgerRefused for another kind or amount, an unknown account, a key that was used for another movement, and for a
     *     refund or expiry of more than is free: not held by calls, nor leased to a node
     */
    public Transfer move(
            TransferKind kind, AccountId account, Nanos amount, String reason, Optional<String> idempotencyKey) {
        boolean takes = kind == TransferKind.ADJUSTMENT && amount.isNegative();
        if (takes && amount.compareTo(LEAST_MOVED) < 0) {
            throw new LedgerRefused("amount: " + amount + " (expected: at least " + LEAST_MOVED + ")");
        }
        if (!takes) {
            refuseUnlessMovable(amount);
        }
        var signed = switch (kind) {
            case TOP_UP, ADJUSTMENT -> amount;
            case REFUND, CHARGEBACK, EXPIRY -> Nanos.ZERO.minus(amount);
            case GRANT, VOUCHER, USAGE ->
                throw new LedgerRefused("kind: " + kind.code() + " (expected: one that an operator books)");
        };
        var key = kind.code() + ":"
                + idempotencyKey.orElseGet(() -> UUID.randomUUID().toString());
        if (key.length() > 300) {
            throw new LedgerRefused("idempotency key: too long (expected: at most 280 characters)");
        }
        if (reason.length() > 1000) {
            throw new LedgerRefused("reason: too long (expected: at most 1000 characters)");
        }
        return database.transact(Pool.LEDGER, dsl -> {
            var entry = Entry.of(kind, account, currency(dsl, account), signed, key, reason, clock.instant());
            lockBudgets(dsl, entry);
            boolean booked = dsl.fetchOptional("select from transfer where idempotency_key = ?", key)
                    .isPresent();
            if (!booked && (kind == TransferKind.REFUND || kind == TransferKind.EXPIRY)) {
                refuseWhatIsNotFree(dsl, account, amount);
            }
            return book(dsl, entry);
        });
    }

    /** @throws LedgerRefused for an amount that is not positive, or more than one movement may be of */
    static void refuseUnlessMovable(Nanos amount) {
        if (!amount.isPositive()) {
            throw new LedgerRefused("amount: " + amount + " (expected: above 0)");
        }
        if (amount.compareTo(MOST_MOVED) > 0) {
            throw new LedgerRefused("amount: " + amount + " (expected: at most " + MOST_MOVED + ")");
        }
    }

    /** What a node has leased it may spend; it hands back what is idle within seconds. */
    private static void refuseWhatIsNotFree(DSLContext dsl, AccountId account, Nanos amount) {
        var free = new Nanos(dsl.fetchSingle(
                        "select granted - spent - leased from budget where account_id = ? and kind = 'credit'",
                        account.value())
                .get(0, Long.class));
        if (!free.isPositive()) {
            throw new LedgerRefused(
                    "account: " + account + " has nothing to take back (expected: credit that is neither"
                            + " spent nor in use by calls just now)");
        }
        if (free.compareTo(amount) < 0) {
            throw new LedgerRefused("amount: " + amount + " (expected: at most " + free
                    + ", what is neither spent nor in use by calls just now)");
        }
    }

    static Transfer book(DSLContext dsl, Entry entry) {
        for (Posting posting : entry.postings()) {
            if (posting.amount().compareTo(MOST_MOVED) > 0 || posting.amount().compareTo(LEAST_MOVED) < 0) {
                throw new LedgerRefused(
                        "amount: " + posting.amount() + " (expected: at most " + MOST_MOVED + " either way)");
            }
        }
        lockBudgets(dsl, entry);
        var inserted = dsl.fetchOptional(
                """
                insert into transfer (idempotency_key, kind, description, created_at) values (?, ?, ?, ?::timestamptz)
                on conflict (idempotency_key) do nothing returning id""", entry.idempotencyKey(), entry.kind().code(), entry.description(), at(entry.createdAt()));
        if (inserted.isEmpty()) {
            return alreadyBooked(dsl, entry);
        }
        long id = inserted.get().get(0, Long.class);
        var legs = new ArrayList<Leg>();
        for (Posting posting : entry.postings()) {
            legs.add(new Leg(accountId(dsl, posting.account()), posting));
        }
        dsl.execute(
                """
                insert into posting (transfer_id, ledger_account_id, amount)
                select ?, account, amount from unnest(?::bigint[], ?::bigint[]) as leg (account, amount)""",
                id,
                legs.stream().map(Leg::accountId).toArray(Long[]::new),
                legs.stream().map(leg -> leg.posting.amount().value()).toArray(Long[]::new));
        // Customers' accounts are under their budget's lock; the operator's are shared by all, so they come last.
        legs.sort(
                Comparator.<Leg, Boolean>comparing(leg -> !leg.posting.account().isCredit())
                        .thenComparingLong(Leg::accountId));
        for (Leg leg : legs) {
            var amount = leg.posting.amount();
            var balance = dsl.fetchSingle(
                    "update ledger_account set balance = balance + ? where id = ? returning balance",
                    amount.value(),
                    leg.accountId);
            refuseTooMuch(leg, balance);
            if (leg.posting.account().isCredit()) {
                var granted = dsl.fetchSingle(
                        """
                        update budget set granted = granted + ? where account_id = ? and kind = 'credit'
                        returning granted""", amount.value(), leg.posting.account().owner());
                refuseTooMuch(leg, granted);
            }
        }
        return new Transfer(id, entry, false);
    }

    private record Leg(long accountId, Posting posting) {}

    /** A movement back towards zero is never too much. */
    private static void refuseTooMuch(Leg leg, Record sum) {
        long after = sum.get(0, Long.class);
        boolean outwards = after < 0 == leg.posting.amount().isNegative();
        if (outwards && (after > MOST_KEPT.value() || after < -MOST_KEPT.value())) {
            var account = leg.posting.account();
            throw new LedgerRefused(
                    account.isCredit()
                            ? "amount: takes the account to " + new Nanos(after) + " " + account.currency()
                                    + " (expected: within " + MOST_KEPT + " of zero)"
                            : "amount: more than the books can hold (expected: operator's accounts within " + MOST_KEPT
                                    + " " + account.currency() + " of zero)");
        }
    }

    private static void lockBudgets(DSLContext dsl, Entry entry) {
        var customers = entry.postings().stream()
                .map(Posting::account)
                .filter(LedgerAccount::isCredit)
                .map(LedgerAccount::owner)
                .toArray(String[]::new);
        dsl.execute("""
                insert into budget (account_id, kind, granted) select unnest(?::text[]), 'credit', 0
                on conflict do nothing""", (Object) customers);
        dsl.fetch(
                "select id from budget where kind = 'credit' and account_id = any(?::text[]) order by id for update",
                (Object) customers);
    }

    private static Transfer alreadyBooked(DSLContext dsl, Entry entry) {
        Record first = dsl.fetchSingle(
                "select id, kind, description, created_at from transfer where idempotency_key = ?",
                entry.idempotencyKey());
        long id = first.get("id", Long.class);
        var postings = dsl.fetch("""
                        select a.owner, a.code, a.currency, p.amount from posting p
                        join ledger_account a on a.id = p.ledger_account_id where p.transfer_id = ?""", id)
                .map(row -> new Posting(
                        new LedgerAccount(row.get(0, String.class), row.get(1, String.class), row.get(2, String.class)),
                        new Nanos(row.get(3, Long.class))));
        boolean same = first.get("kind", String.class).equals(entry.kind().code())
                && first.get("description", String.class).equals(entry.description())
                && new HashSet<>(postings).equals(new HashSet<>(entry.postings()));
        if (!same) {
            throw new LedgerRefused(
                    "idempotency key: already used for another movement (expected: a new key, or the same"
                            + " account, amount and reason)");
        }
        var bookedAt = first.get("created_at", OffsetDateTime.class).toInstant();
        return new Transfer(
                id,
                new Entry(entry.kind(), entry.idempotencyKey(), entry.description(), bookedAt, entry.postings()),
                true);
    }

    private static long accountId(DSLContext dsl, LedgerAccount account) {
        dsl.execute(
                "insert into ledger_account (owner, code, currency) values (?, ?, ?) on conflict do nothing",
                account.owner(),
                account.code(),
                account.currency());
        return dsl.fetchSingle(
                        "select id from ledger_account where owner = ? and code = ? and currency = ?",
                        account.owner(),
                        account.code(),
                        account.currency())
                .get(0, Long.class);
    }

    /**
     * What the account has.
     *
     * @throws LedgerRefused when there is no such account
     */
    public Balances balances(AccountId account) {
        var row = database.dsl(Pool.PAGES).fetchOptional("""
                        select a.currency, coalesce(b.granted - b.spent, 0), coalesce(b.overdraft, 0),
                          coalesce((select sum(l.held) from lease l where l.budget_id = b.id), 0)
                        from account a left join budget b on b.account_id = a.id and b.kind = 'credit'
                        where a.id = ?""", account.value()).orElseThrow(() -> unknown(account));
        var balance = new Nanos(row.get(1, Long.class));
        var held = new Nanos(row.get(3, Long.class));
        var available = balance.plus(new Nanos(row.get(2, Long.class))).minus(held);
        return new Balances(
                account, row.get(0, String.class), balance, held, available.isNegative() ? Nanos.ZERO : available);
    }

    /** Compares every figure with what it follows from, in one snapshot, while the gateway runs. */
    public LedgerReport verify() {
        return new LedgerVerification(database).run();
    }

    static String currency(DSLContext dsl, AccountId account) {
        return dsl.fetchOptional("select currency from account where id = ?", account.value())
                .orElseThrow(() -> unknown(account))
                .get(0, String.class);
    }

    private static LedgerRefused unknown(AccountId account) {
        return new LedgerRefused("account: " + account + " (expected: an account that exists)");
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
