package io.mixgateway.platform.credit;

import io.mixgateway.relay.call.Generation;
import io.mixgateway.relay.call.Outcome;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.TreeMap;
import org.postgresql.PGConnection;

/** The hourly sums of a batch, added to {@code usage_hourly} by one statement. Hours are UTC's. */
final class HourlySums {
    private static final long HOUR_MILLIS = 3_600_000;
    private static final String ADD = """
            insert into usage_hourly (hour, account_id, key_id, provider, model, calls, completed, input, cache_read,
              cache_write, output, reasoning, audio_input, audio_output, image_input, image_output, cost, latency_ms)
            select to_timestamp(at / 1000), account_id, key_id, provider, model, calls, completed, input, cache_read,
              cache_write, output, reasoning, audio_input, audio_output, image_input, image_output, cost, latency_ms
            from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::int8[], ?::int8[], ?::int8[], ?::int8[],
              ?::int8[], ?::int8[], ?::int8[], ?::int8[], ?::int8[], ?::int8[], ?::int8[], ?::int8[], ?::int8[],
              ?::int8[])
              as h (account_id, key_id, provider, model, at, calls, completed, input, cache_read, cache_write, output,
                reasoning, audio_input, audio_output, image_input, image_output, cost, latency_ms)
            on conflict (account_id, hour, key_id, provider, model) do update set
              calls = usage_hourly.calls + excluded.calls,
              completed = usage_hourly.completed + excluded.completed,
              input = usage_hourly.input + excluded.input,
              cache_read = usage_hourly.cache_read + excluded.cache_read,
              cache_write = usage_hourly.cache_write + excluded.cache_write,
              output = usage_hourly.output + excluded.output,
              reasoning = usage_hourly.reasoning + excluded.reasoning,
              audio_input = usage_hourly.audio_input + excluded.audio_input,
              audio_output = usage_hourly.audio_output + excluded.audio_output,
              image_input = usage_hourly.image_input + excluded.image_input,
              image_output = usage_hourly.image_output + excluded.image_output,
              cost = usage_hourly.cost + excluded.cost,
              latency_ms = usage_hourly.latency_ms + excluded.latency_ms""";

    private static final int TEXTS = 4;
    private static final int NUMBERS = 14;

    private record Row(String account, long hourMillis, String key, String provider, String model)
            implements Comparable<Row> {
        private static final Comparator<Row> ORDER = Comparator.comparing(Row::account)
                .thenComparingLong(Row::hourMillis)
                .thenComparing(Row::key)
                .thenComparing(Row::provider)
                .thenComparing(Row::model);

        @Override
        public int compareTo(Row other) {
            return ORDER.compare(this, other);
        }
    }

    /** In order, so that two nodes that add to the same rows wait for each other and never in a ring. */
    private final TreeMap<Row, long[]> sums = new TreeMap<>();

    void add(Generation g) {
        long at = g.id().createdAt().toEpochMilli();
        var row = new Row(g.account().value(), at - at % HOUR_MILLIS, g.key().value(), g.provider(), g.modelSent());
        var u = g.usage();
        var sum = sums.computeIfAbsent(row, _ -> new long[NUMBERS]);
        sum[0] = row.hourMillis;
        add(sum, 1, 1);
        add(sum, 2, g.outcome() == Outcome.COMPLETED ? 1 : 0);
        add(sum, 3, u.input());
        add(sum, 4, u.cacheRead());
        add(sum, 5, u.cacheWrite());
        add(sum, 6, u.output());
        add(sum, 7, u.reasoning());
        add(sum, 8, u.audioInput());
        add(sum, 9, u.audioOutput());
        add(sum, 10, u.imageInput());
        add(sum, 11, u.imageOutput());
        add(sum, 12, g.cost().value());
        add(sum, 13, g.latencyMillis());
    }

    private static void add(long[] sum, int at, long value) {
        sum[at] = Math.addExact(sum[at], value);
    }

    void write(Connection connection) throws SQLException {
        if (sums.isEmpty()) {
            return;
        }
        var texts = new String[TEXTS][sums.size()];
        var numbers = new long[NUMBERS][sums.size()];
        int row = 0;
        for (var entry : sums.entrySet()) {
            texts[0][row] = entry.getKey().account;
            texts[1][row] = entry.getKey().key;
            texts[2][row] = entry.getKey().provider;
            texts[3][row] = entry.getKey().model;
            for (int i = 0; i < NUMBERS; i++) {
                numbers[i][row] = entry.getValue()[i];
            }
            row++;
        }
        try (var insert = connection.prepareStatement(ADD)) {
            int at = 1;
            for (String[] column : texts) {
                insert.setArray(at++, connection.createArrayOf("text", column));
            }
            for (long[] column : numbers) {
                insert.setArray(at++, connection.unwrap(PGConnection.class).createArrayOf("int8", column));
            }
            insert.executeUpdate();
        }
    }
}
