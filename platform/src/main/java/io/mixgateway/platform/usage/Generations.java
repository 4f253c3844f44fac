package io.mixgateway.platform.usage;

import io.mixgateway.platform.store.Database;
import io.mixgateway.platform.store.Pool;
import io.mixgateway.relay.call.AccountId;
import io.mixgateway.relay.call.Generation;
import io.mixgateway.relay.call.GenerationId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/** Finished generations of an account. Blocking. One that has just ended is here within two seconds. */
public final class Generations {
    private static final int MOST = 1_000;
    /** The budget that an account's generations draw on. */
    private static final String CREDIT = "(select id from budget where account_id = ? and kind = 'credit')";

    private final Database database;

    public Generations(Database database) {
        this.database = database;
    }

    /** The generation of that id, when it is this account's. The id tells the day, so one partition is read. */
    public Optional<Generation> find(AccountId account, GenerationId id) {
        return database.dsl(Pool.PAGES)
                .fetchOptional(
                        "select " + GenerationRow.COLUMNS
                                + " from generation where budget_id = " + CREDIT
                                + " and created_at = ?::timestamptz and uuid = ?",
                        account.value(),
                        id.createdAt().atOffset(ZoneOffset.UTC),
                        id.uuid())
                .map(GenerationRow::read);
    }

    /**
     * The account's generations, newest first, those behind {@code after} when there is one.
     *
     * @param limit 1 to 1000
     */
    public List<Generation> list(AccountId account, int limit, Optional<GenerationId> after) {
        if (limit < 1 || limit > MOST) {
            throw new IllegalArgumentException("limit: " + limit + " (expected: 1 to " + MOST + ")");
        }
        var dsl = database.dsl(Pool.PAGES);
        var rows = after.isEmpty()
                ? dsl.fetch(
                        "select " + GenerationRow.COLUMNS
                                + " from generation where budget_id = " + CREDIT
                                + " order by created_at desc, uuid desc limit ?",
                        account.value(),
                        limit)
                : dsl.fetch(
                        "select " + GenerationRow.COLUMNS
                                + " from generation where budget_id = " + CREDIT
                                + " and created_at <= ?::timestamptz and (created_at, uuid) < (?::timestamptz, ?)"
                                + " order by created_at desc, uuid desc limit ?",
                        account.value(),
                        after.get().createdAt().atOffset(ZoneOffset.UTC),
                        after.get().createdAt().atOffset(ZoneOffset.UTC),
                        after.get().uuid(),
                        limit);
        return rows.map(GenerationRow::read);
    }
}
