package io.mixgateway.relay.meter;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import io.mixgateway.relay.content.RequestContent;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Counts tokens where a provider did not report them, with OpenAI's {@code o200k_base} vocabulary: exact for OpenAI's
 * models, near for others; generations counted so are marked estimated. Takes milliseconds for long texts and a
 * moment to load on first use ({@link #warmUp()}): not for event loops.
 */
public final class TokenCounter {
    /** A message costs a few tokens beside its text (OpenAI's cookbook: three, and one for the role). */
    private static final int TOKENS_PER_MESSAGE = 4;

    /**
     * So much is encoded at a time. The encoder's time grows with the square of a run without a word's end: a million
     * exclamation marks took it half a minute.
     */
    private static final int SLICE_CHARS = 4096;

    private static final int COUNTED_CHARS = 1_000_000;
    private static final int TOKENS_PER_MEDIA_PART = 1_000;
    private static final Set<String> TEXT_FIELDS =
            Set.of("content", "text", "name", "arguments", "input", "prompt", "description", "refusal", "suffix");
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
            return count(new String(source, from, to - from, StandardCharsets.UTF_8));
        }
    }

    /** The tokens of a request's prompt: its messages or input, with their overhead, and its tools. */
    public static long ofPrompt(RequestContent content) {
        var body = content.bytes();
        long tokens = 0;
        try (var parser = JSON.createParser(ObjectReadContext.empty(), body)) {
            String field = "";
            var text = new StringBuilder();
            for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.PROPERTY_NAME) {
                    field = parser.currentName();
                    tokens += field.equals("role") ? TOKENS_PER_MESSAGE : 0;
                } else if (token == JsonToken.VALUE_STRING && TEXT_FIELDS.contains(field)) {
                    text.append(parser.getString()).append('\n');
                } else if (token == JsonToken.VALUE_STRING && field.equals("url")) {
                    tokens += TOKENS_PER_MEDIA_PART;
                } else if (token == JsonToken.VALUE_NUMBER_INT && field.equals("input")) {
                    tokens++;
                }
            }
            return tokens + count(text.toString());
        } catch (JacksonException _) {
            return body.length / 4;
        }
    }
}
