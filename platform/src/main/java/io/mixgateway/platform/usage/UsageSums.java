package io.mixgateway.platform.usage;

import static java.util.Objects.requireNonNull;

import io.mixgateway.platform.store.Database;
import io.mixgateway.platform.store.Pool;
import io.mixgateway.relay.call.AccountId;
import io.mixgateway.relay.money.Nanos;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import org.jooq.Record;

/**
 * What an account used over a stretch of time, from the sums by hour or day: all together, step by step, by model and by key.
 *
 * @param steps the whole stretch without gaps, oldest first
 * @param models by {@code provider:model}, the most expensive first
 * @param keys by key id, the most expensive first
 */
public record UsageSums(Span span, Sum all, List<Step> steps, List<Part> models, List<Part> keys) {
    /** The most models and keys that are told apart. */
    public static final int MOST_PARTS = 100;

    public UsageSums {
        requireNonNull(span, "span");
        requireNonNull(all, "all");
        steps = List.copyOf(steps);
        models = List.copyOf(models);
        keys = List.copyOf(keys);
    }

    /** How far back, in steps of which length. */
    public enum Span {
        DAY("24h", Duration.ofHours(1), 24),
        WEEK("7d", Duration.ofHours(6), 28),
        MONTH("30d", Duration.ofDays(1), 30),
        QUARTER("90d", Duration.ofDays(1), 90);

        private final String code;
        private final Duration step;
        private final int steps;

        Span(String code, Duration step, int steps) {
            this.code = code;
            this.step = step;
            this.steps = steps;
        }

        /** As addresses write it: {@code 24h}. */
        public String code() {
            return code;
        }

        public Duration step() {
            return step;
        }

        /** Whether each step is a whole day (UTC), so that the daily sums tell all of it. */
        boolean byDay() {
            return step.equals(Duration.ofDays(1));
        }

        /** The last 24 hours for any word that names none. */
        public static Span of(String code) {
            for (Span span : values()) {
                if (span.code.equals(code)) {
                    return span;
                }
            }
            return DAY;
        }

        /** Where the first step begins, the last one being the one that holds {@code now}. Steps begin at midnight UTC. */
        Instant start(Instant now) {
            long length = step.toSeconds();
            return Instant.ofEpochSecond((Math.floorDiv(now.getEpochSecond(), length) + 1 - steps) * length);
        }

        /** The first midnight (UTC) of the stretch. */
        static Instant firstWholeDay(Instant start) {
            return start.minusNanos(1).truncatedTo(ChronoUnit.DAYS).plus(Duration.ofDays(1));
        }
    }

    /**
     * Sums.
     *
     * @param input tokens in, of any class
     * @param output tokens out, of any class
     * @param latencyMillis of all calls together
     */
    public record Sum(long calls, long completed, long input, long output, Nanos cost, long latencyMillis) {
        static final Sum NOTHING = new Sum(0, 0, 0, 0, Nanos.ZERO, 0);

        /** Calls that ended otherwise than completed. */
        public long others() {
            return calls - completed;
        }

        /** 0 when there were no calls. */
        public long meanLatencyMillis() {
            return calls == 0 ? 0 : latencyMillis / calls;
        }
    }

    /** One step of the stretch. */
    public record Step(Instant start, Sum sum) {}

    /** One model's or key's part. */
    public record Part(String name, Sum sum) {}

    /** The sums that both halves of the statement make; the classes of tokens by the two ways they go. */
    private static final String SUMS = """
            sum(calls)::bigint as calls, sum(completed)::bigint as completed,
              sum(input + cache_read + cache_write + audio_input + image_input)::bigint as input,
              sum(output + reasoning + audio_output + image_output)::bigint as output,
              sum(cost)::bigint as cost, sum(latency_ms)::bigint as latency_ms""";

    private static final String COLUMNS = """
            provider, model, key_id, calls, completed, input, cache_read, cache_write, audio_input, image_input,
              output, reasoning, audio_output, image_output, cost, latency_ms""";

    /**
     * One statement, so that all of it is of one moment. Parts come from the days, and from the hours before the first whole
     * day: the days of a week are a fraction of its hours. They are summed twice, which is less than to sort each row into
     * three sums.
     */
    private static String statement(Span span) {
        var table = span.byDay() ? "usage_daily" : "usage_hourly";
        var began = span.byDay() ? "day" : "hour";
        return """
                with used as (
                  select provider, model, key_id, %1$s
                  from (
                    select %2$s from usage_daily where account_id = ? and day >= ?::timestamptz
                    union all
                    select %2$s from usage_hourly where account_id = ? and hour >= ?::timestamptz and hour < ?::timestamptz
                  ) as stretches
                  group by provider, model, key_id
                )
                select grouping(provider, key_id) as which, null::timestamptz as step, provider, model, key_id,
                  sum(calls)::bigint as calls, sum(completed)::bigint as completed, sum(input)::bigint as input,
                  sum(output)::bigint as output, sum(cost)::bigint as cost, sum(latency_ms)::bigint as latency_ms
                from used group by grouping sets ((), (provider, model), (key_id))
                union all
                select %5$d, date_bin(make_interval(secs => ?), %4$s, 'epoch'::timestamptz) as step, null, null, null, %1$s
                from %3$s where account_id = ? and %4$s >= ?::timestamptz group by step""".formatted(SUMS, COLUMNS, table, began, BY_STEP);
    }

    /** Reads it as of {@code now}. Blocking. */
    public static UsageSums of(Database database, AccountId account, Span span, Instant now) {
        var start = span.start(now);
        var from = start.atOffset(ZoneOffset.UTC);
        var whole = Span.firstWholeDay(start).atOffset(ZoneOffset.UTC);
        var id = account.value();
        var rows = database.dsl(Pool.PAGES)
                .fetch(
                        statement(span),
                        id,
                        whole,
                        id,
                        from,
                        whole,
                        (double) span.step().toSeconds(),
                        id,
                        from);
        var all = Sum.NOTHING;
        var byStart = new HashMap<Instant, Sum>();
        var models = new ArrayList<Part>();
        var keys = new ArrayList<Part>();
        for (Record row : rows) {
            var sum = sum(row);
            switch (requireNonNull(row.get("which", Integer.class))) {
                case ALL -> all = sum;
                case BY_STEP ->
                    byStart.put(row.get("step", OffsetDateTime.class).toInstant(), sum);
                case BY_MODEL ->
                    models.add(new Part(row.get("provider", String.class) + ":" + row.get("model", String.class), sum));
                case BY_KEY -> keys.add(new Part(row.get("key_id", String.class), sum));
                default -> throw new IllegalStateException("grouping: " + row);
            }
        }
        var steps = new ArrayList<Step>();
        for (int i = 0; i < span.steps; i++) {
            var at = start.plus(span.step.multipliedBy(i));
            steps.add(new Step(at, byStart.getOrDefault(at, Sum.NOTHING)));
        }
        return new UsageSums(span, all, steps, dearest(models), dearest(keys));
    }

    /** Bits of SQL's grouping(): set for each column that is not grouped by. */
    private static final int ALL = 3;

    private static final int BY_MODEL = 1;
    private static final int BY_KEY = 2;
    /** Says the other half of the statement. */
    private static final int BY_STEP = 4;

    private static Sum sum(Record row) {
        if (row.get("calls") == null) {
            return Sum.NOTHING;
        }
        return new Sum(
                row.get("calls", Long.class),
                row.get("completed", Long.class),
                row.get("input", Long.class),
                row.get("output", Long.class),
                new Nanos(row.get("cost", Long.class)),
                row.get("latency_ms", Long.class));
    }

    private static List<Part> dearest(List<Part> parts) {
        return parts.stream()
                .sorted(Comparator.<Part, Nanos>comparing(part -> part.sum().cost())
                        .thenComparingLong(part -> part.sum().calls())
                        .reversed()
                        .thenComparing(Part::name))
                .limit(MOST_PARTS)
                .toList();
    }
}
