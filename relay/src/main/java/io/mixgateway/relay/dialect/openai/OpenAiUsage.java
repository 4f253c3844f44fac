package io.mixgateway.relay.dialect.openai;

import io.mixgateway.relay.meter.ReportedCount;
import io.mixgateway.relay.meter.Usage;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;

/**
 * Reads a {@code usage} object of OpenAI's shape into disjoint classes.
 *
 * <p>What is a part of what (OpenAI's API description, CompletionUsage): cached, audio and image tokens are parts of
 * {@code prompt_tokens}; reasoning and audio tokens are parts of {@code completion_tokens}. xAI reports reasoning beside
 * {@code completion_tokens}: the provider's own total tells which of the two it is. DeepSeek names its cached part
 * {@code prompt_cache_hit_tokens}; Anthropic's and others' compatible surfaces add {@code cache_creation_tokens}, a part too.
 * When neither reading fits the total, the first is taken and {@link Usage#addsUp()} is false.
 */
final class OpenAiUsage {
    /** On event loops, one thread each: a pool that they share would cost more. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .recyclerPool(JsonRecyclerPools.threadLocalPool())
            .build();

    private long prompt = -1;
    private long completion = -1;
    private long total = -1;
    private long cached;
    private long cacheWrite;
    private long reasoning;
    private long audioIn;
    private long audioOut;
    private long imageIn;
    private long imageOut;

    private OpenAiUsage() {}

    /**
     * Reads {@code source[from, to)}. Empty when it holds no counts, or impossible ones, or only half of what is owed.
     *
     * @param spoken whether the model has said something, so that a count of the prompt alone is not all
     */
    static Optional<Usage> read(byte[] source, int from, int to, boolean spoken) {
        var usage = new OpenAiUsage();
        try (var parser = JSON.createParser(ObjectReadContext.empty(), source, from, to - from)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            usage.members(parser, "");
            return spoken && usage.completion < 0 ? Optional.empty() : usage.disjoint();
        } catch (JacksonException | ArithmeticException _) {
            return Optional.empty();
        }
    }

    private void members(JsonParser parser, String inside) {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            var name = parser.currentName();
            var token = parser.nextToken();
            if (token == JsonToken.START_OBJECT && inside.isEmpty()) {
                members(parser, name);
            } else if (token.isNumeric() || (token.isScalarValue() && token != JsonToken.VALUE_NULL)) {
                count(inside, name, parser);
            } else {
                parser.skipChildren();
            }
        }
    }

    private void count(String inside, String name, JsonParser parser) {
        switch (inside) {
            case "" -> {
                switch (name) {
                    case "prompt_tokens", "input_tokens" -> prompt = ReportedCount.read(parser);
                    case "completion_tokens", "output_tokens" -> completion = ReportedCount.read(parser);
                    case "total_tokens" -> total = ReportedCount.read(parser);
                    case "prompt_cache_hit_tokens", "cached_tokens" ->
                        cached = Math.max(cached, ReportedCount.read(parser));
                    case "reasoning_tokens" -> reasoning = Math.max(reasoning, ReportedCount.read(parser));
                    default -> {}
                }
            }
            case "prompt_tokens_details", "input_tokens_details" -> {
                switch (name) {
                    case "cached_tokens" -> cached = Math.max(cached, ReportedCount.read(parser));
                    case "cache_creation_tokens", "cache_write_tokens" -> cacheWrite = ReportedCount.read(parser);
                    case "audio_tokens" -> audioIn = ReportedCount.read(parser);
                    case "image_tokens" -> imageIn = ReportedCount.read(parser);
                    default -> {}
                }
            }
            case "completion_tokens_details", "output_tokens_details" -> {
                switch (name) {
                    case "reasoning_tokens" -> reasoning = Math.max(reasoning, ReportedCount.read(parser));
                    case "audio_tokens" -> audioOut = ReportedCount.read(parser);
                    case "image_tokens" -> imageOut = ReportedCount.read(parser);
                    default -> {}
                }
            }
            default -> {}
        }
    }

    private Optional<Usage> disjoint() {
        if (prompt < 0 && completion < 0) {
            return Optional.empty();
        }
        long in = Math.max(prompt, 0);
        long out = Math.max(completion, 0);
        long special = cached + cacheWrite + audioIn + imageIn;
        long text = special <= in ? in - special : in;
        boolean reasoningBeside = reasoning > 0 && total == in + out + reasoning;
        long hidden = reasoning + audioOut + imageOut;
        long visible = reasoningBeside ? out - Math.min(out, audioOut + imageOut) : hidden <= out ? out - hidden : out;
        return Optional.of(new Usage(
                text, cached, cacheWrite, 0, visible, reasoning, audioIn, audioOut, imageIn, imageOut, total));
    }
}
