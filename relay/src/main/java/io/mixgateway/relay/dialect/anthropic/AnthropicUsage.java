package io.mixgateway.relay.dialect.anthropic;

import io.mixgateway.relay.meter.ReportedCount;
import io.mixgateway.relay.meter.ServiceTier;
import io.mixgateway.relay.meter.Usage;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads a {@code usage} object of Anthropic's messages into disjoint classes.
 *
 * <p>What is a part of what (Anthropic's API reference, Usage): {@code input_tokens} is uncached input only; what was read
 * from and written to the cache comes on top. {@code cache_creation} splits what was written by its term; what it does not name
 * was written for five minutes. {@code output_tokens} holds the thinking, which is not counted apart. No total is reported.
 */
public final class AnthropicUsage {
    private static final JsonFactory JSON = new JsonFactory();

    private long input = -1;
    private long output = -1;
    private long cacheRead;
    private long cacheWritten;
    private long written5m;
    private long written1h;
    private ServiceTier tier = ServiceTier.STANDARD;

    private AnthropicUsage() {}

    /** Reads one object. Empty when it holds no counts, or impossible ones. */
    public static Optional<Usage> read(byte[] json) {
        var usage = new AnthropicUsage();
        try (var parser = JSON.createParser(ObjectReadContext.empty(), json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            usage.members(parser, "");
            return usage.disjoint();
        } catch (JacksonException | ArithmeticException _) {
            return Optional.empty();
        }
    }

    private void members(JsonParser parser, String inside) {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            var name = inside.isEmpty() ? parser.currentName() : inside + "." + parser.currentName();
            switch (parser.nextToken()) {
                case START_OBJECT -> {
                    if (name.equals("cache_creation")) {
                        members(parser, name);
                    } else {
                        parser.skipChildren();
                    }
                }
                case VALUE_NUMBER_INT -> count(name, parser);
                case VALUE_STRING -> {
                    if (name.equals("service_tier")) {
                        tier = ServiceTier.of(parser.getString()).orElse(ServiceTier.STANDARD);
                    }
                }
                default -> parser.skipChildren();
            }
        }
    }

    private void count(String name, JsonParser parser) {
        switch (name) {
            case "input_tokens" -> input = ReportedCount.read(parser);
            case "output_tokens" -> output = ReportedCount.read(parser);
            case "cache_read_input_tokens" -> cacheRead = ReportedCount.read(parser);
            case "cache_creation_input_tokens" -> cacheWritten = ReportedCount.read(parser);
            case "cache_creation.ephemeral_5m_input_tokens" -> written5m = ReportedCount.read(parser);
            case "cache_creation.ephemeral_1h_input_tokens" -> written1h = ReportedCount.read(parser);
            default -> {}
        }
    }

    private Optional<Usage> disjoint() {
        if (input < 0 && output < 0) {
            return Optional.empty();
        }
        long unnamed = Math.max(0, cacheWritten - written5m - written1h);
        return Optional.of(new Usage(
                        Math.max(input, 0),
                        cacheRead,
                        written5m + unnamed,
                        written1h,
                        Math.max(output, 0),
                        0,
                        0,
                        0,
                        0,
                        0,
                        -1)
                .in(tier));
    }
}
