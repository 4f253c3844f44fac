package io.mixgateway.platform.usage;

import io.mixgateway.platform.store.Database;
import io.mixgateway.platform.store.Pool;
import io.mixgateway.relay.call.AccountId;
import io.mixgateway.relay.call.Generation;
import io.mixgateway.relay.call.GenerationId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
        return list(account, limit, after, GenerationFilter.ALL);
    }

    /** As {@link #list(AccountId, int, Optional)}, only those that {@code filter} wants. */
    public List<Generation> list(AccountId account, int limit, Optional<GenerationId> after, GenerationFilter filter) {
        if (limit < 1 || limit > MOST) {
            throw new IllegalArgumentException("limit: " + limit + " (expected: 1 to " + MOST + ")");
        }
        var where = new StringBuilder("budget_id = ").append(CREDIT);
        var values = new ArrayList<Object>(List.of(account.value()));
        after.ifPresent(last -> {
            var at = last.createdAt().atOffset(ZoneOffset.UTC);
            where.append(" and created_at <= ?::timestamptz and (created_at, uuid) < (?::timestamptz, ?)");
            values.addAll(List.of(at, at, last.uuid()));
        });
        filter.model().ifPresent(part -> {
            // strpos and not like, so that no letter is special (FAILURES 106).
            where.append(
                    " and (strpos(lower(provider || ':' || model_sent), ?) > 0 or strpos(lower(model_asked), ?) > 0)");
            values.addAll(List.of(part.toLowerCase(Locale.ROOT), part.toLowerCase(Locale.ROOT)));
        });
        filter.key().ifPresent(key -> {
            where.append(" and key_id = ?");
            values.add(key.value());
        });
        filter.outcome().ifPresent(outcome -> {
            where.append(" and outcome = ?");
            values.add(outcome.code());
        });
        values.add(limit);
        var rows = database.dsl(Pool.PAGES)
                .fetch(
                        "select " + GenerationRow.COLUMNS + " from generation where " + where
                                + " order by created_at desc, uuid desc limit ?",
                        values.toArray());
        return rows.map(GenerationRow::read);
    }
}
