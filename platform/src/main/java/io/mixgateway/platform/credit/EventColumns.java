package io.mixgateway.platform.credit;

import io.mixgateway.relay.call.Attempt;
import io.mixgateway.relay.call.Generation;
import io.mixgateway.relay.meter.Usage;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/** Generations as columns: one array for each column of {@code usage_event}, so that one statement inserts them all. */
final class EventColumns {
    static final String INSERT = """
            insert into usage_event (budget_id, created_at, id, input, cache_read, output, reasoning, provider_total, cost,
              hold, transfer_id, kind_id, latency_ms, first_token_ms, more_usage, attempts)
            select budget, to_timestamp(at / 1000) + (at % 1000) * interval '1 millisecond', id, input, cache_read, output,
              reasoning, provider_total, cost, hold, nullif(transfer, 0), kind, latency_ms, first_token_ms, more::jsonb,
              attempts::jsonb
            from unnest(?::uuid[], ?::int8[], ?::int8[], ?::int8[], ?::int8[], ?::int8[], ?::int8[], ?::int8[], ?::int8[],
              ?::int8[], ?::int8[], ?::int4[], ?::int4[], ?::int4[], ?::text[], ?::text[])
              as e (id, budget, at, input, cache_read, output, reasoning, provider_total, cost, hold, transfer,
                kind, latency_ms, first_token_ms, more, attempts)
            on conflict (budget_id, created_at, id) do nothing returning id""";

    private static final int LONGS = 10;
    private static final int INTS = 3;

    private final UUID[] ids;
    private final long[][] longs;
    private final int[][] ints;
    private final @Nullable String[] more;
    private final @Nullable String[] attempts;
    private int row;

    EventColumns(int rows) {
        ids = new UUID[rows];
        longs = new long[LONGS][rows];
        ints = new int[INTS][rows];
        more = new String[rows];
        attempts = new String[rows];
    }

    /**
     * Adds a row.
     *
     * @param transfer what charges it, or 0 when it costs nothing
     */
    void add(Generation g, int kind, long budget, long transfer) {
        Usage u = g.usage();
        ids[row] = g.id().uuid();
        longs[0][row] = budget;
        longs[1][row] = g.id().createdAt().toEpochMilli();
        longs[2][row] = u.input();
        longs[3][row] = u.cacheRead();
        longs[4][row] = u.output();
        longs[5][row] = u.reasoning();
        longs[6][row] = u.providerTotal();
        longs[7][row] = g.cost().value();
        longs[8][row] = g.hold().value();
        longs[9][row] = transfer;
        ints[0][row] = kind;
        ints[1][row] = millis(g.latencyMillis());
        ints[2][row] = millis(g.firstTokenMillis());
        more[row] = more(u);
        attempts[row] = attempts(g);
        row++;
    }

    /** 24 days and more are 24 days. */
    private static int millis(long value) {
        return Math.clamp(value, -1, Integer.MAX_VALUE);
    }

    void bind(Connection connection, PreparedStatement insert) throws SQLException {
        // The driver's own method takes arrays of plain numbers, and sends them in binary.
        var driver = connection.unwrap(PGConnection.class);
        int at = 1;
        insert.setArray(at++, connection.createArrayOf("uuid", ids));
        for (long[] column : longs) {
            insert.setArray(at++, driver.createArrayOf("int8", column));
        }
        for (int[] column : ints) {
            insert.setArray(at++, driver.createArrayOf("int4", column));
        }
        insert.setArray(at++, connection.createArrayOf("text", more));
        insert.setArray(at, connection.createArrayOf("text", attempts));
    }

    /** The classes without a column of their own, {@code {"audio_input":7}}; null when there are none. */
    private static @Nullable String more(Usage u) {
        if ((u.cacheWrite5m() | u.cacheWrite1h() | u.audioInput() | u.audioOutput() | u.imageInput() | u.imageOutput())
                == 0) {
            return null;
        }
        var json = new StringBuilder(64).append('{');
        number(json, "cache_write_5m", u.cacheWrite5m());
        number(json, "cache_write_1h", u.cacheWrite1h());
        number(json, "audio_input", u.audioInput());
        number(json, "audio_output", u.audioOutput());
        number(json, "image_input", u.imageInput());
        number(json, "image_output", u.imageOutput());
        return json.append('}').toString();
    }

    private static void number(StringBuilder json, String name, long value) {
        if (value != 0) {
            json.append(json.length() == 1 ? "\"" : ",\"")
                    .append(name)
                    .append("\":")
                    .append(value);
        }
    }

    /**
     * {@code [{"provider":…,"status":…,"outcome":…}]}, by hand: three plain fields do not need a mapper. Null when
     * there was one attempt and the generation's own columns tell it.
     */
    static @Nullable String attempts(Generation g) {
        if (g.attempts().size() == 1) {
            var only = g.attempts().getFirst();
            if (only.status() == 200
                    && only.provider().equals(g.provider())
                    && only.outcome().equals(g.outcome().code())) {
                return null;
            }
        }
        var json = new StringBuilder(64).append('[');
        for (Attempt attempt : g.attempts()) {
            json.append(json.length() == 1 ? "{\"provider\":" : ",{\"provider\":");
            quote(json, attempt.provider());
            json.append(",\"status\":").append(attempt.status()).append(",\"outcome\":");
            quote(json, attempt.outcome());
            json.append('}');
        }
        return json.append(']').toString();
    }

    private static void quote(StringBuilder json, String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < 0x20) {
                json.append(' ');
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }
}
