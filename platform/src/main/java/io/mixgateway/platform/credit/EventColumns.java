package io.mixgateway.platform.credit;

import io.mixgateway.relay.call.Attempt;
import io.mixgateway.relay.call.Generation;
import io.mixgateway.relay.meter.Usage;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/** Generations as columns: one array for each column of {@code usage_event}, so that one statement inserts them all. */
final class EventColumns {
    static final String INSERT = """
            insert into usage_event (created_at, id, account_id, key_id, model_asked, provider, model_sent,
              model_served, dialect, streamed, outcome, usage_source, price_version, attempts,
              input, cache_read, cache_write_5m, cache_write_1h, output, reasoning, audio_input, audio_output,
              image_input, image_output, provider_total, cost, hold, latency_ms, first_token_ms, transfer_id)
            select to_timestamp(at / 1000) + (at % 1000) * interval '1 millisecond', id, account_id, key_id, model_asked,
              provider, model_sent, model_served, dialect, streamed, outcome, usage_source, price_version,
              attempts::jsonb, input, cache_read, cache_write_5m, cache_write_1h, output, reasoning, audio_input,
              audio_output, image_input, image_output, provider_total, cost, hold, latency_ms, first_token_ms, transfer_id
            from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
              ?::text[], ?::text[], ?::text[], ?::text[], ?::bool[], ?::int8[], ?::int8[], ?::int8[], ?::int8[],
              ?::int8[], ?::int8[], ?::int8[], ?::int8[], ?::int8[], ?::int8[], ?::int8[], ?::int8[], ?::int8[],
              ?::int8[], ?::int8[], ?::int8[], ?::int8[])
              as e (id, account_id, key_id, model_asked, provider, model_sent, model_served, dialect, outcome,
                usage_source, price_version, attempts, streamed, at, input, cache_read, cache_write_5m, cache_write_1h,
                output, reasoning, audio_input, audio_output, image_input, image_output, provider_total, cost, hold,
                latency_ms, first_token_ms, transfer_id)
            on conflict (created_at, id) do nothing returning id""";

    private static final int TEXTS = 12;
    private static final int NUMBERS = 16;

    private final String[][] texts;
    private final boolean[] streamed;
    private final long[][] numbers;
    private final @Nullable Long[] transfers;
    private int row;

    EventColumns(int rows) {
        texts = new String[TEXTS][rows];
        streamed = new boolean[rows];
        numbers = new long[NUMBERS][rows];
        transfers = new Long[rows];
    }

    void add(Generation g, @Nullable Long transfer) {
        text(0, g.id().value());
        text(1, g.account().value());
        text(2, g.key().value());
        text(3, g.modelAsked());
        text(4, g.provider());
        text(5, g.modelSent());
        text(6, g.modelServed());
        text(7, g.dialect());
        text(8, g.outcome().code());
        text(9, g.usageSource().code());
        text(10, g.priceVersion());
        text(11, attempts(g));
        streamed[row] = g.streamed();
        number(0, g.id().createdAt().toEpochMilli());
        Usage u = g.usage();
        number(1, u.input());
        number(2, u.cacheRead());
        number(3, u.cacheWrite5m());
        number(4, u.cacheWrite1h());
        number(5, u.output());
        number(6, u.reasoning());
        number(7, u.audioInput());
        number(8, u.audioOutput());
        number(9, u.imageInput());
        number(10, u.imageOutput());
        number(11, u.providerTotal());
        number(12, g.cost().value());
        number(13, g.hold().value());
        number(14, g.latencyMillis());
        number(15, g.firstTokenMillis());
        transfers[row] = transfer;
        row++;
    }

    private void text(int column, String value) {
        texts[column][row] = value;
    }

    private void number(int column, long value) {
        numbers[column][row] = value;
    }

    void bind(Connection connection, PreparedStatement insert) throws SQLException {
        // The driver's own method takes arrays of plain numbers, and sends them in binary.
        var driver = connection.unwrap(PGConnection.class);
        int at = 1;
        for (String[] column : texts) {
            insert.setArray(at++, connection.createArrayOf("text", column));
        }
        insert.setArray(at++, driver.createArrayOf("bool", streamed));
        for (long[] column : numbers) {
            insert.setArray(at++, driver.createArrayOf("int8", column));
        }
        insert.setArray(at, connection.createArrayOf("int8", transfers));
    }

    /** {@code [{"provider":…,"status":…,"outcome":…}]}, by hand: three plain fields do not need a mapper. */
    static String attempts(Generation g) {
        if (g.attempts().isEmpty()) {
            return "[]";
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
