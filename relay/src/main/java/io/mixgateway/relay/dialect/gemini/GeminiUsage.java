package io.mixgateway.relay.dialect.gemini;

import io.mixgateway.relay.meter.ReportedCount;
import io.mixgateway.relay.meter.Usage;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads a {@code usageMetadata} object of Gemini's answers into disjoint classes.
 *
 * <p>What is a part of what (Gemini's API reference, UsageMetadata): cached content and every modality are parts of {@code
 * promptTokenCount}; prompts of tool use and thoughts come on top of prompt and candidates; the total is the sum of all four. Video and
 * documents are priced as text and counted so.
 */
public final class GeminiUsage {
    private static final JsonFactory JSON = new JsonFactory();

    /** Counts by name; of a list of details by the list's name and the modality. */
    private final Map<String, Long> counts = new HashMap<>();

    private GeminiUsage() {}

    /** Reads one object. Empty when it holds no counts, or impossible ones. */
    public static Optional<Usage> read(byte[] json) {
        var usage = new GeminiUsage();
        try (var parser = JSON.createParser(ObjectReadContext.empty(), json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            usage.members(parser);
            return usage.disjoint();
        } catch (JacksonException | ArithmeticException _) {
            return Optional.empty();
        }
    }

    private void members(JsonParser parser) {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            var name = parser.currentName();
            switch (parser.nextToken()) {
                case VALUE_NUMBER_INT -> counts.put(name, ReportedCount.read(parser));
                case START_ARRAY -> details(name, parser);
                default -> parser.skipChildren();
            }
        }
    }

    private void details(String list, JsonParser parser) {
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            var modality = "";
            long count = 0;
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                var name = parser.currentName();
                var token = parser.nextToken();
                if (name.equals("modality") && token == JsonToken.VALUE_STRING) {
                    modality = parser.getString();
                } else if (name.equals("tokenCount") && token == JsonToken.VALUE_NUMBER_INT) {
                    count = ReportedCount.read(parser);
                } else {
                    parser.skipChildren();
                }
            }
            counts.merge(list + " " + modality, count, Math::addExact);
        }
    }

    private long of(String name) {
        return counts.getOrDefault(name, 0L);
    }

    private Optional<Usage> disjoint() {
        if (!counts.containsKey("promptTokenCount") && !counts.containsKey("candidatesTokenCount")) {
            return Optional.empty();
        }
        long prompt = of("promptTokenCount");
        long cached = of("cachedContentTokenCount");
        long audio = Math.max(0, of("promptTokensDetails AUDIO") - of("cacheTokensDetails AUDIO"));
        long image = Math.max(0, of("promptTokensDetails IMAGE") - of("cacheTokensDetails IMAGE"));
        long special = cached + audio + image;
        long text = special <= prompt ? prompt - special : prompt;
        long said = of("candidatesTokenCount");
        long spoken = of("candidatesTokensDetails AUDIO");
        long drawn = of("candidatesTokensDetails IMAGE");
        long written = spoken + drawn <= said ? said - spoken - drawn : said;
        return Optional.of(new Usage(
                text + of("toolUsePromptTokenCount"),
                cached,
                0,
                0,
                written,
                of("thoughtsTokenCount"),
                audio,
                spoken,
                image,
                drawn,
                counts.getOrDefault("totalTokenCount", -1L)));
    }
}
