package io.mixgateway.relay.view;

import io.mixgateway.relay.call.CallRefused;
import io.mixgateway.relay.call.Refusal;
import io.mixgateway.relay.content.RequestContent;
import io.mixgateway.relay.meter.PromptFields;
import io.mixgateway.relay.meter.ServiceTier;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;

/**
 * Reads a {@link RequestView} in one pass of the streaming parser. Not thread-safe: one reader a request.
 * Field meanings: OpenAI's API description, CreateChatCompletionRequest and CreateEmbeddingRequest.
 */
public final class RequestReader {
    /** More choices than any provider offers; also what keeps n × max_tokens far from overflow. */
    static final int MOST_CHOICES = 128;

    private static final long MOST_TOKENS = Integer.MAX_VALUE;
    /** What a token that is given as a number weighs, in bytes of text. */
    private static final int BYTES_PER_TOKEN_ID = 2;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(256)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(10_000)
                    .maxNumberLength(1_000)
                    .build())
            // Event loops read, one thread each: a pool that they share costs each call a third of a microsecond.
            .recyclerPool(JsonRecyclerPools.threadLocalPool())
            .build();

    private final RequestContent content;
    private final byte[] body;
    private final JsonParser parser;
    private final Set<String> seen = new HashSet<>();

    private @Nullable String model;
    private Span modelSpan = Span.NOWHERE;
    private boolean stream;
    private Span streamOptions = Span.NOWHERE;
    private Span includeUsage = Span.NOWHERE;
    private boolean wantsUsage;
    private long maxTokens = -1;
    private int choices = 1;
    private int promptBytes;
    private int mediaParts;
    private ServiceTier serviceTier = ServiceTier.STANDARD;

    private RequestReader(RequestContent content) {
        this.content = content;
        this.body = content.bytes();
        this.parser = JSON.createParser(ObjectReadContext.empty(), body, 0, body.length);
    }

    /**
     * Looks at a request body.
     *
     * @throws CallRefused {@code invalid_request} when it is not one JSON object, repeats a top-level key, names no
     *     model, or has a value of the wrong kind where the gateway must know it; {@code param} names the field
     */
    public static RequestView read(RequestContent content) {
        if (isWide(content.bytes())) {
            throw new CallRefused(
                    Refusal.INVALID_REQUEST,
                    "The request body is in UTF-16 or UTF-32. Send JSON as UTF-8 (RFC 8259, 8.1).");
        }
        try {
            return new RequestReader(content).read();
        } catch (StreamConstraintsException e) {
            throw new CallRefused(
                    Refusal.INVALID_REQUEST,
                    "The request body goes beyond what is read here: 256 levels of nesting, names of 10 000 characters,"
                            + " numbers of 1 000 digits.");
        } catch (JacksonException e) {
            var where = e.getLocation();
            throw new CallRefused(
                    Refusal.INVALID_REQUEST,
                    "The request body is not valid JSON (line " + (where == null ? 1 : where.getLineNr()) + ", column "
                            + (where == null ? 1 : where.getColumnNr()) + "). Send one JSON object.");
        }
    }

    /** The parser would read it, and count positions otherwise than we do; in UTF-8 no JSON begins so. */
    private static boolean isWide(byte[] body) {
        for (int i = 0; i < Math.min(4, body.length); i++) {
            if (body[i] == 0) {
                return true;
            }
        }
        return body.length > 1
                && ((body[0] == (byte) 0xfe && body[1] == (byte) 0xff)
                        || (body[0] == (byte) 0xff && body[1] == (byte) 0xfe));
    }

    private RequestView read() {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new CallRefused(Refusal.INVALID_REQUEST, "The request body must be one JSON object.");
        }
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            var name = parser.currentName();
            if (!seen.add(name)) {
                throw invalid(name, "The key '" + shorten(name) + "' stands twice in the request body. Send it once.");
            }
            parser.nextToken();
            field(name);
        }
        if (parser.nextToken() != null) {
            throw new CallRefused(
                    Refusal.INVALID_REQUEST, "The request body goes on after its JSON object. Send one JSON object.");
        }
        if (model == null) {
            throw invalid("model", "You must provide a model: a string such as \"openai:gpt-4.1-mini\".");
        }
        return new RequestView(
                content,
                model,
                modelSpan,
                stream,
                streamOptions,
                includeUsage,
                wantsUsage,
                maxTokens < 0 ? OptionalLong.empty() : OptionalLong.of(maxTokens),
                choices,
                promptBytes,
                mediaParts,
                serviceTier);
    }

    private void field(String name) {
        switch (name) {
            case "model" -> model();
            case "stream" -> stream = bool(name);
            case "stream_options" -> streamOptions();
            case "max_tokens", "max_completion_tokens", "max_output_tokens" ->
                maxTokens = Math.max(maxTokens, tokens(name));
            case "n" -> choices = choices();
            case "service_tier" -> serviceTier();
            default -> {
                if (PromptFields.isRead(name)) {
                    prompt(PromptFields.mayHoldMedia(name));
                } else {
                    parser.skipChildren();
                }
            }
        }
    }

    private void model() {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw invalid("model", "'model' must be a string.");
        }
        int from = tokenStart();
        model = parser.getString();
        modelSpan = new Span(from, position());
        if (model.isEmpty() || model.length() > 300) {
            throw invalid("model", "'model' must be 1 to 300 characters long.");
        }
    }

    private boolean bool(String name) {
        return switch (parser.currentToken()) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE, VALUE_NULL -> false;
            default -> throw invalid(name, "'" + name + "' must be true or false.");
        };
    }

    /** Another kind of value, or a word nobody knows, is for the provider to refuse. */
    private void serviceTier() {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            serviceTier = ServiceTier.of(parser.getString()).orElse(ServiceTier.STANDARD);
        } else {
            parser.skipChildren();
        }
    }

    private void streamOptions() {
        int from = tokenStart();
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean usage = parser.currentName().equals("include_usage");
                parser.nextToken();
                if (usage) {
                    int valueFrom = tokenStart();
                    wantsUsage = bool("stream_options.include_usage");
                    includeUsage = new Span(valueFrom, position());
                } else {
                    parser.skipChildren();
                }
            }
        } else if (parser.currentToken() != JsonToken.VALUE_NULL) {
            throw invalid("stream_options", "'stream_options' must be an object.");
        }
        streamOptions = new Span(from, position());
    }

    private long tokens(String name) {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return -1;
        }
        return wholeNumber(name, 0, MOST_TOKENS);
    }

    private int choices() {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return 1;
        }
        return (int) wholeNumber("n", 1, MOST_CHOICES);
    }

    private long wholeNumber(String name, long least, long most) {
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
            var number = parser.getBigIntegerValue();
            if (number.bitLength() < Long.SIZE && number.longValue() >= least && number.longValue() <= most) {
                return number.longValue();
            }
        }
        throw invalid(name, "'" + name + "' must be a whole number from " + least + " to " + most + ".");
    }

    /** Walks a prompt value, counting its text by position, so that nothing is decoded. */
    private void prompt(boolean holdsMedia) {
        int depth = 0;
        int textFrom = -1;
        var token = parser.currentToken();
        while (true) {
            int at = tokenStart();
            if (textFrom >= 0) {
                promptBytes += at - textFrom;
                textFrom = -1;
            }
            switch (token) {
                case START_OBJECT, START_ARRAY -> depth++;
                case END_OBJECT, END_ARRAY -> depth--;
                case VALUE_STRING -> {
                    if (holdsMedia && isMedia(at)) {
                        mediaParts++;
                    } else {
                        textFrom = at;
                    }
                }
                case VALUE_NUMBER_INT -> promptBytes += BYTES_PER_TOKEN_ID;
                default -> promptBytes++;
            }
            if (depth == 0) {
                if (textFrom >= 0) {
                    parser.finishToken();
                    promptBytes += position() - textFrom;
                }
                return;
            }
            token = parser.nextToken();
        }
    }

    private boolean isMedia(int at) {
        return PromptFields.isMedia(parser.currentName(), startsWith(at + 1, "data:") || startsWith(at + 1, "http"));
    }

    private boolean startsWith(int at, String ascii) {
        if (at + ascii.length() > body.length) {
            return false;
        }
        for (int i = 0; i < ascii.length(); i++) {
            if (body[at + i] != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private int tokenStart() {
        return (int) parser.currentTokenLocation().getByteOffset();
    }

    private int position() {
        parser.finishToken();
        return (int) parser.currentLocation().getByteOffset();
    }

    private static CallRefused invalid(String param, String message) {
        return new CallRefused(Refusal.INVALID_REQUEST, message, shorten(param));
    }

    private static String shorten(String name) {
        return name.length() <= 64 ? name : name.substring(0, 64) + "…";
    }
}
