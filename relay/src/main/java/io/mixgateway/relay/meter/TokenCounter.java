package io.mixgateway.relay.meter;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import io.mixgateway.relay.content.RequestContent;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Counts tokens where a provider did not report them, with OpenAI's {@code o200k_base} vocabulary: exact for OpenAI's
 * models, near for others; generations counted so are marked estimated. Takes milliseconds for long texts and a
 * moment to load on first use ({@link #warmUp()}): not for event loops.
 */
public final class TokenCounter {
    /** A message costs a few tokens beside its text (OpenAI's cookbook: three, and one for the role), a tool's call too. */
    private static final int TOKENS_PER_MESSAGE = 4;
    /** So much begins the answer, and counts as prompt. */
    private static final int TOKENS_PER_ANSWER = 3;

    /**
     * So much is encoded at a time. The encoder's time grows with the square of a run without a word's end: a million
     * exclamation marks took it half a minute.
     */
    private static final int SLICE_CHARS = 4096;

    private static final int COUNTED_CHARS = 1_000_000;
    private static final int TOKENS_PER_MEDIA_PART = 1_000;
    /** Part of a message's overhead, as long as they are words and not a text. */
    private static final Set<String> OVERHEAD_FIELDS = Set.of("role", "type", "id", "tool_call_id", "detail", "format");

    private static final int LONGEST_OVERHEAD_CHARS = 64;
    private static final JsonFactory JSON = new JsonFactory();

    private TokenCounter() {}

    private static final class Vocabulary {
        static final Encoding O200K = Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.O200K_BASE);
    }

    /** Loads the vocabulary, so that the first count is quick. */
    public static void warmUp() {
        count("warm");
    }

    /** The vocabulary itself, loaded on first use and once for all: it is large. */
    public static Encoding vocabulary() {
        return Vocabulary.O200K;
    }

    /**
     * The tokens of plain text. Special tokens in it count as ordinary words. A text of more than a million characters
     * is counted up to there, and the rest in proportion.
     */
    public static long count(String text) {
        int counted = Math.min(text.length(), COUNTED_CHARS);
        long count = 0;
        for (int at = 0; at < counted; ) {
            int end = sliceEnd(text, at, counted);
            count += Vocabulary.O200K.countTokensOrdinary(text.substring(at, end));
            at = end;
        }
        return counted == text.length() ? count : Math.ceilDiv(Math.multiplyExact(count, text.length()), counted);
    }

    /** Where a slice that begins at {@code from} ends: before a space where there is one, never inside of a surrogate pair. */
    public static int sliceEnd(String text, int from, int to) {
        int end = from + SLICE_CHARS;
        if (end >= to) {
            return to;
        }
        int space = text.lastIndexOf(' ', end);
        if (space > from + SLICE_CHARS / 2) {
            return space;
        }
        return Character.isLowSurrogate(text.charAt(end)) ? end - 1 : end;
    }

    /** The tokens of the inside of a JSON string, escapes resolved. */
    static long ofJsonText(byte[] source, int from, int to) {
        if (from == to) {
            return 0;
        }
        var quoted = new byte[to - from + 2];
        quoted[0] = '"';
        System.arraycopy(source, from, quoted, 1, to - from);
        quoted[quoted.length - 1] = '"';
        try (var parser = JSON.createParser(ObjectReadContext.empty(), quoted)) {
            parser.nextToken();
            return count(parser.getString());
        } catch (JacksonException _) {
            return count(words(source, from, to));
        }
    }

    /**
     * The tokens of a request's prompt: its messages or input, with their overhead, and its tools as they stand. Whatever
     * a model may read is counted, wherever in those it stands; rather too much than too little.
     */
    public static long ofPrompt(RequestContent content) {
        var body = content.bytes();
        try (var parser = JSON.createParser(ObjectReadContext.empty(), body)) {
            var prompt = new PromptReading(body);
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                var name = parser.currentName();
                parser.nextToken();
                if (PromptFields.isReadAsItStands(name)) {
                    prompt.asItStands(parser);
                } else if (PromptFields.isRead(name)) {
                    prompt.read(parser, name);
                } else {
                    parser.skipChildren();
                }
            }
            return prompt.tokens + count(prompt.text.toString());
        } catch (JacksonException _) {
            return body.length / 4;
        }
    }

    private static String words(byte[] source, int from, int to) {
        return new String(source, from, to - from, StandardCharsets.UTF_8);
    }

    /** Gathers the words of a prompt, and the tokens of what is not words. */
    private static final class PromptReading {
        private final byte[] body;
        private final StringBuilder text = new StringBuilder();
        private long tokens = TOKENS_PER_ANSWER;

        PromptReading(byte[] body) {
            this.body = body;
        }

        /** Takes the value that {@code parser} stands on as JSON, names and brackets included. */
        void asItStands(JsonParser parser) {
            int from = (int) parser.currentTokenLocation().getByteOffset();
            parser.skipChildren();
            parser.finishToken();
            int to = (int) parser.currentLocation().getByteOffset();
            text.append(words(body, from, to)).append('\n');
        }

        /** Reads the value that {@code parser} stands on, to its end. */
        void read(JsonParser parser, String topLevel) {
            int depth = 0;
            do {
                switch (parser.currentToken()) {
                    case START_OBJECT, START_ARRAY -> depth++;
                    case END_OBJECT, END_ARRAY -> depth--;
                    case PROPERTY_NAME -> tokens += overhead(parser.currentName());
                    case VALUE_STRING -> string(parser.currentName(), parser.getString(), topLevel);
                    case VALUE_NUMBER_INT -> tokens++;
                    default -> {}
                }
            } while (depth > 0 && parser.nextToken() != null);
        }

        private static int overhead(String name) {
            return switch (name) {
                case "role", "arguments" -> TOKENS_PER_MESSAGE;
                default -> 0;
            };
        }

        private void string(@Nullable String name, String value, String topLevel) {
            if (PromptFields.mayHoldMedia(topLevel)
                    && PromptFields.isMedia(name, value.startsWith("data:") || value.startsWith("http"))) {
                tokens += TOKENS_PER_MEDIA_PART;
            } else if (name == null || value.length() > LONGEST_OVERHEAD_CHARS || !OVERHEAD_FIELDS.contains(name)) {
                text.append(value).append('\n');
            }
        }
    }
}
