package io.mixgateway.platform.usage;

import io.mixgateway.platform.store.Database;
import io.mixgateway.platform.store.Pool;
import io.mixgateway.relay.call.AccountId;
import io.mixgateway.relay.call.KeyId;
import io.mixgateway.relay.money.Nanos;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;

/**
 * What a key spent.
 *
 * @param calls finished calls since the key was made
 * @param cost what they cost
 * @param tokens all tokens of them, of any class
 * @param caps each spend cap in its present window, as far as anything was called in it
 */
public record KeyUsage(long calls, Nanos cost, long tokens, List<CapUse> caps) {
    public KeyUsage {
        caps = List.copyOf(caps);
    }

    /**
     * One cap in its present window.
     *
     * @param per day, week, month or total
     * @param held set aside by open calls, or spent and not booked yet
     * @param start when the window began; for {@code total} the beginning of time
     * @param end when it ends
     */
    public record CapUse(String per, Nanos cap, Nanos spent, Nanos held, Instant start, Instant end) {}

    /** Reads it as of {@code now}. Blocking. */
    public static KeyUsage of(Database database, AccountId account, KeyId key, Instant now) {
        var dsl = database.dsl(Pool.PAGES);
        var sums = dsl.fetchSingle("""
                select coalesce(sum(calls), 0)::bigint, coalesce(sum(cost), 0)::bigint, coalesce(sum(input + cache_read
                  + cache_write + output + reasoning + audio_input + audio_output + image_input + image_output), 0)::bigint
                from usage_daily where account_id = ? and key_id = ?""", account.value(), key.value());
        var caps = dsl.fetch(
                        """
                        select b.period, b.granted, b.spent, b.window_start, b.window_end,
                          coalesce((select sum(l.held) from lease l where l.budget_id = b.id), 0)::bigint as held
                        from budget b join key_cap c on c.key_id = b.key_id and c.period = b.period
                        where b.kind = 'cap' and b.account_id = ? and b.key_id = ?
                          and b.window_start <= ?::timestamptz and b.window_end > ?::timestamptz
                        order by b.window_end""", account.value(), key.value(), now.atOffset(ZoneOffset.UTC), now.atOffset(ZoneOffset.UTC))
                .map(row -> new CapUse(
                        row.get("period", String.class),
                        new Nanos(row.get("granted", Long.class)),
                        new Nanos(row.get("spent", Long.class)),
                        new Nanos(row.get("held", Long.class)),
                        row.get("window_start", OffsetDateTime.class).toInstant(),
                        row.get("window_end", OffsetDateTime.class).toInstant()));
        return new KeyUsage(sums.get(0, Long.class), new Nanos(sums.get(1, Long.class)), sums.get(2, Long.class), caps);
    }
}
