package io.mixgateway.platform.usage;

import static java.util.Objects.requireNonNull;

import io.mixgateway.relay.call.AccountId;
import io.mixgateway.relay.call.Attempt;
import io.mixgateway.relay.call.Generation;
import io.mixgateway.relay.call.GenerationId;
import io.mixgateway.relay.call.KeyId;
import io.mixgateway.relay.call.Outcome;
import io.mixgateway.relay.meter.Usage;
import io.mixgateway.relay.meter.UsageSource;
import io.mixgateway.relay.money.Nanos;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jooq.Record;
import tools.jackson.databind.json.JsonMapper;

/** A row of the view {@code generation} as a {@link Generation}. */
final class GenerationRow {
    static final String COLUMNS = """
            id, account_id, key_id, model_asked, provider, model_sent, model_served, dialect, streamed, outcome,
            input, cache_read, cache_write_5m, cache_write_1h, output, reasoning, audio_input, audio_output,
            image_input, image_output, provider_total, usage_source, cost, hold, price_version, latency_ms,
            first_token_ms, attempts::text as attempts""";

    private static final JsonMapper JSON = new JsonMapper();

    private GenerationRow() {}

    static Generation read(Record row) {
        var id = new GenerationId(text(row, "id"));
        return new Generation(
                id,
                id.createdAt(),
                new AccountId(text(row, "account_id")),
                new KeyId(text(row, "key_id")),
                text(row, "model_asked"),
                text(row, "provider"),
                text(row, "model_sent"),
                text(row, "model_served"),
                text(row, "dialect"),
                requireNonNull(row.get("streamed", Boolean.class)),
                Outcome.valueOf(text(row, "outcome").toUpperCase(Locale.ROOT)),
                usage(row),
                UsageSource.valueOf(text(row, "usage_source").toUpperCase(Locale.ROOT)),
                new Nanos(number(row, "cost")),
                new Nanos(number(row, "hold")),
                text(row, "price_version"),
                number(row, "latency_ms"),
                number(row, "first_token_ms"),
                attempts(text(row, "attempts")));
    }

    private static Usage usage(Record row) {
        return new Usage(
                number(row, "input"),
                number(row, "cache_read"),
                number(row, "cache_write_5m"),
                number(row, "cache_write_1h"),
                number(row, "output"),
                number(row, "reasoning"),
                number(row, "audio_input"),
                number(row, "audio_output"),
                number(row, "image_input"),
                number(row, "image_output"),
                number(row, "provider_total"));
    }

    private static List<Attempt> attempts(String json) {
        var attempts = new ArrayList<Attempt>();
        for (var attempt : JSON.readTree(json)) {
            attempts.add(new Attempt(
                    attempt.path("provider").asString(),
                    attempt.path("status").asInt(),
                    attempt.path("outcome").asString()));
        }
        return attempts;
    }

    private static String text(Record row, String column) {
        return requireNonNull(row.get(column, String.class));
    }

    private static long number(Record row, String column) {
        return requireNonNull(row.get(column, Long.class));
    }
}
