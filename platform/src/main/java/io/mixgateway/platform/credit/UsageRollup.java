package io.mixgateway.platform.credit;

import io.mixgateway.relay.call.Generation;
import io.mixgateway.relay.call.Outcome;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.SortedMap;
import java.util.TreeMap;
import org.postgresql.PGConnection;

/**
 * The sums of a batch by hour and by day, added to {@code usage_hourly} and {@code usage_daily} by one statement each. Hours
 * and days are UTC's.
 */
final class UsageRollup {
    private static final long HOUR_MILLIS = 3_600_000;
    private static final long DAY_MILLIS = 24 * HOUR_MILLIS;
    /** With the table's name and the column that says when its stretch began. */
    private static final String ADD = """
            insert into %1$s (%2$s, account_id, key_id, provider, model, calls, completed, input, cache_read,
              cache_write, output, reasoning, audio_input, audio_output, image_input, image_output, cost, latency_ms)
            select to_timestamp(at / 1000), account_id, key_id, provider, model, calls, completed, input, cache_read,
              cache_write, output, reasoning, audio_input, audio_output, image_input, image_output, cost, latency_ms
            from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::int8[], ?::int8[], ?::int8[], ?::int8[],
              ?::int8[], ?::int8[], ?::int8[], ?::int8[], ?::int8[], ?::int8[], ?::int8[], ?::int8[], ?::int8[],
              ?::int8[])
              as h (account_id, key_id, provider, model, at, calls, completed, input, cache_read, cache_write,
                output, reasoning, audio_input, audio_output, image_input, image_output, cost, latency_ms)
            on conflict (account_id, %2$s, key_id, provider, model) do update set
              calls = %1$s.calls + excluded.calls,
              completed = %1$s.completed + excluded.completed,
              input = %1$s.input + excluded.input,
              cache_read = %1$s.cache_read + excluded.cache_read,
              cache_write = %1$s.cache_write + excluded.cache_write,
              output = %1$s.output + excluded.output,
              reasoning = %1$s.reasoning + excluded.reasoning,
              audio_input = %1$s.audio_input + excluded.audio_input,
              audio_output = %1$s.audio_output + excluded.audio_output,
              image_input = %1$s.image_input + excluded.image_input,
              image_output = %1$s.image_output + excluded.image_output,
              cost = %1$s.cost + excluded.cost,
              latency_ms = %1$s.latency_ms + excluded.latency_ms""";

    private static final String ADD_HOURS = ADD.formatted("usage_hourly", "hour");
    private static final String ADD_DAYS = ADD.formatted("usage_daily", "day");
    private static final int TEXTS = 4;
    private static final int NUMBERS = 14;

    private record Row(String account, long startMillis, String key, String provider, String model)
            implements Comparable<Row> {
        private static final Comparator<Row> ORDER = Comparator.comparing(Row::account)
                .thenComparingLong(Row::startMillis)
                .thenComparing(Row::key)
                .thenComparing(Row::provider)
                .thenComparing(Row::model);

        @Override
        public int compareTo(Row other) {
            return ORDER.compare(this, other);
        }
    }

    /** In order, so that two nodes that add to the same rows wait for each other and never in a ring. */
    private final TreeMap<Row, long[]> hours = new TreeMap<>();

    void add(Generation g) {
        long at = g.id().createdAt().toEpochMilli();
        var row = new Row(g.account().value(), at - at % HOUR_MILLIS, g.key().value(), g.provider(), g.modelSent());
        var u = g.usage();
        var sum = hours.computeIfAbsent(row, _ -> new long[NUMBERS]);
        sum[0] = row.startMillis;
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
        if (hours.isEmpty()) {
            return;
        }
        write(connection, ADD_HOURS, hours);
        write(connection, ADD_DAYS, days());
    }

    private SortedMap<Row, long[]> days() {
        var days = new TreeMap<Row, long[]>();
        for (var hour : hours.entrySet()) {
            var row = hour.getKey();
            var day = new Row(
                    row.account, row.startMillis - row.startMillis % DAY_MILLIS, row.key, row.provider, row.model);
            var sum = days.computeIfAbsent(day, _ -> new long[NUMBERS]);
            sum[0] = day.startMillis;
            for (int i = 1; i < NUMBERS; i++) {
                add(sum, i, hour.getValue()[i]);
            }
        }
        return days;
    }

    private static void write(Connection connection, String add, SortedMap<Row, long[]> sums) throws SQLException {
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
        try (var insert = connection.prepareStatement(add)) {
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
