package io.mixgateway.platform.ledger;

import io.mixgateway.platform.store.Database;
import io.mixgateway.platform.store.Pool;
import io.mixgateway.relay.call.AccountId;
import io.mixgateway.relay.money.Nanos;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** What moved an account's credit. Blocking; each method reads one snapshot. */
public final class Statement {
    /** The most rows that are given at once. */
    public static final int MOST = 100_000;

    private final Database database;

    public Statement(Database database) {
        this.database = database;
    }

    /**
     * One movement.
     *
     * @param amount what the account got, negative for what it lost
     * @param balance what it had afterwards
     */
    public record Row(
            long transfer, Instant at, String kind, String description, Nanos amount, Nanos balance, String currency) {}

    /**
     * The newest movements, newest first.
     *
     * @param limit 1 to {@link #MOST}
     */
    public List<Row> newest(AccountId account, int limit) {
        if (limit < 1 || limit > MOST) {
            throw new LedgerRefused("limit: " + limit + " (expected: 1 to " + MOST + ")");
        }
        var found = database.dsl(Pool.PAGES).fetch("""
                        select t.id, t.created_at, t.kind, t.description, p.amount, a.currency, a.balance
                        from ledger_account a join posting p on p.ledger_account_id = a.id
                        join transfer t on t.id = p.transfer_id
                        where a.owner = ? and a.code = 'credit' order by p.transfer_id desc limit ?""", account.value(), limit);
        var rows = new ArrayList<Row>();
        long balance = found.isEmpty() ? 0 : found.getFirst().get("balance", Long.class);
        for (var row : found) {
            long amount = row.get("amount", Long.class);
            rows.add(row(row, amount, balance));
            balance -= amount;
        }
        return rows;
    }

    /**
     * The movements of a time, oldest first.
     *
     * @param from the first moment in it
     * @param to the first moment behind it
     * @throws LedgerRefused when there are more than {@link #MOST}
     */
    public List<Row> between(AccountId account, Instant from, Instant to) {
        return database.transact(Pool.PAGES, dsl -> {
            dsl.execute("set transaction isolation level repeatable read read only");
            var start = from.atOffset(ZoneOffset.UTC);
            var end = to.atOffset(ZoneOffset.UTC);
            long balance = dsl.fetchSingle("""
                            select coalesce(sum(p.amount), 0)::bigint
                            from ledger_account a join posting p on p.ledger_account_id = a.id
                            join transfer t on t.id = p.transfer_id
                            where a.owner = ? and a.code = 'credit' and t.created_at < ?::timestamptz""", account.value(), start).get(0, Long.class);
            var found = dsl.fetch("""
                    select t.id, t.created_at, t.kind, t.description, p.amount, a.currency
                    from ledger_account a join posting p on p.ledger_account_id = a.id
                    join transfer t on t.id = p.transfer_id
                    where a.owner = ? and a.code = 'credit'
                      and t.created_at >= ?::timestamptz and t.created_at < ?::timestamptz
                    order by t.created_at, t.id limit ?""", account.value(), start, end, MOST + 1);
            if (found.size() > MOST) {
                throw new LedgerRefused("time: more than " + MOST + " movements in it (expected: a shorter time)");
            }
            var rows = new ArrayList<Row>();
            for (var row : found) {
                long amount = row.get("amount", Long.class);
                balance += amount;
                rows.add(row(row, amount, balance));
            }
            return rows;
        });
    }

    private static Row row(org.jooq.Record row, long amount, long balance) {
        return new Row(
                row.get("id", Long.class),
                row.get("created_at", OffsetDateTime.class).toInstant(),
                row.get("kind", String.class),
                row.get("description", String.class),
                new Nanos(amount),
                new Nanos(balance),
                row.get("currency", String.class));
    }
}
