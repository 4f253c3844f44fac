package io.mixgateway.relay.dialect.openai;

import io.mixgateway.relay.meter.ServiceTier;
import io.mixgateway.relay.meter.TextTally;
import org.jspecify.annotations.Nullable;

/**
 * Skims one JSON document of an answer (a stream's chunk or a whole completion) for the few facts that metering
 * needs, in one pass over the bytes and without building objects. It trusts nothing: on bytes that are not JSON it
 * stops and says so. What a model said is followed to a fixed depth.
 *
 * <p>Own code where a parser library would do, because it runs for every event of every stream: about a nanosecond a
 * byte. A property test holds it against Jackson.
 */
final class ChunkScan {
    private static final int DEEPEST = 64;

    private static final byte[] USAGE = ascii("usage");
    private static final byte[] CHOICES = ascii("choices");
    private static final byte[] DATA = ascii("data");
    private static final byte[] ERROR = ascii("error");
    private static final byte[] MODEL = ascii("model");
    private static final byte[] OBJECT = ascii("object");
    private static final byte[] SERVICE_TIER = ascii("service_tier");
    private static final byte[] FLEX = ascii("flex");
    private static final byte[] PRIORITY = ascii("priority");
    private static final byte[] BATCH = ascii("batch");
    private static final byte[] DELTA = ascii("delta");
    private static final byte[] MESSAGE = ascii("message");
    private static final byte[] TEXT = ascii("text");
    private static final byte[] FINISH_REASON = ascii("finish_reason");
    private static final byte[][] OUTPUT_FIELDS = {
        ascii("content"),
        ascii("reasoning_content"),
        ascii("reasoning"),
        ascii("refusal"),
        ascii("arguments"),
        ascii("name"),
        TEXT,
        ascii("thinking"),
        ascii("transcript")
    };

    private static final byte[][] CHUNK_FIELDS = {
        ascii("id"),
        OBJECT,
        ascii("created"),
        MODEL,
        CHOICES,
        USAGE,
        SERVICE_TIER,
        ascii("system_fingerprint"),
        ascii("obfuscation")
    };

    private byte[] bytes = {};
    private int at;
    private int end;
    private TextTally tally = TextTally.NONE;

    /** Whether the document was one well-formed JSON object, as far as was looked. */
    boolean wellFormed;
    /** Whether a {@code choices} array with something in it was there. */
    boolean hasChoices;
    /** Whether there was a {@code data} array, which is what embeddings are in. */
    boolean hasData;
    /** How many choices said why they ended. */
    int finished;
    /** Whether the document carries an error object instead of, or beside, an answer. */
    boolean isError;
    /** Where the member {@code "usage":…} begins, its key's quote; -1 when there is none. */
    int usageKeyFrom;
    /** Where the value of {@code usage} begins. */
    int usageFrom;
    /** Where the value of {@code usage} ends. */
    int usageTo;
    /** Whether usage holds an object and not null. */
    boolean usageIsObject;
    /** In which tier the provider says it serves the call; null when it did not say. */
    @Nullable
    ServiceTier serviceTier;
    /** Where the value of {@code model} stands between its quotes, or -1. */
    int modelFrom;

    int modelTo;

    /** Skims {@code bytes[from, to)}, adding generated text to {@code tally}. */
    void scan(byte[] source, int from, int to, TextTally output) {
        bytes = source;
        at = from;
        end = to;
        tally = output;
        wellFormed = false;
        hasChoices = false;
        hasData = false;
        finished = 0;
        isError = false;
        usageKeyFrom = -1;
        usageFrom = -1;
        usageTo = -1;
        usageIsObject = false;
        serviceTier = null;
        modelFrom = -1;
        modelTo = -1;
        wellFormed = document();
        bytes = new byte[0];
        tally = TextTally.NONE;
    }

    private boolean document() {
        blanks();
        if (!take('{')) {
            return false;
        }
        blanks();
        if (take('}')) {
            return true;
        }
        while (true) {
            int keyFrom = at;
            if (!string()) {
                return false;
            }
            int keyTo = at;
            if (!colon() || !topLevel(keyFrom, keyTo)) {
                return false;
            }
            blanks();
            if (take('}')) {
                return true;
            }
            if (!take(',')) {
                return false;
            }
            blanks();
        }
    }

    private boolean topLevel(int keyFrom, int keyTo) {
        if (is(keyFrom, keyTo, CHOICES)) {
            return choices();
        }
        int valueFrom = at;
        if (!skip()) {
            return false;
        }
        if (is(keyFrom, keyTo, USAGE)) {
            usageKeyFrom = keyFrom;
            usageFrom = valueFrom;
            usageTo = at;
            usageIsObject = bytes[valueFrom] == '{';
        } else if (is(keyFrom, keyTo, DATA)) {
            hasData = bytes[valueFrom] == '[';
        } else if (is(keyFrom, keyTo, ERROR)) {
            isError |= bytes[valueFrom] == '{' || (bytes[valueFrom] == '"' && at - valueFrom > 2);
        } else if (is(keyFrom, keyTo, OBJECT)) {
            isError |= is(valueFrom, at, ERROR); // vLLM's form
        } else if (is(keyFrom, keyTo, MODEL) && bytes[valueFrom] == '"') {
            modelFrom = valueFrom + 1;
            modelTo = at - 1;
        } else if (is(keyFrom, keyTo, SERVICE_TIER)) {
            serviceTier = tierAt(valueFrom);
        }
        return true;
    }

    /** Any other word is the standard tier's. */
    private ServiceTier tierAt(int valueFrom) {
        if (is(valueFrom, at, FLEX)) {
            return ServiceTier.FLEX;
        }
        if (is(valueFrom, at, PRIORITY)) {
            return ServiceTier.PRIORITY;
        }
        return is(valueFrom, at, BATCH) ? ServiceTier.BATCH : ServiceTier.STANDARD;
    }

    private boolean choices() {
        if (at >= end || bytes[at] != '[') {
            return skip();
        }
        at++;
        blanks();
        if (take(']')) {
            return true;
        }
        hasChoices = true;
        while (true) {
            if (!choice()) {
                return false;
            }
            blanks();
            if (take(']')) {
                return true;
            }
            if (!take(',')) {
                return false;
            }
            blanks();
        }
    }

    private boolean choice() {
        if (at >= end || bytes[at] != '{') {
            return skip();
        }
        at++;
        blanks();
        if (take('}')) {
            return true;
        }
        while (true) {
            int keyFrom = at;
            if (!string()) {
                return false;
            }
            int keyTo = at;
            if (!colon()) {
                return false;
            }
            boolean read;
            if (is(keyFrom, keyTo, DELTA) || is(keyFrom, keyTo, MESSAGE)) {
                read = output(2, false);
            } else if (is(keyFrom, keyTo, TEXT)) {
                read = output(2, true);
            } else {
                boolean reason = is(keyFrom, keyTo, FINISH_REASON) && at < end && bytes[at] == '"';
                finished += reason ? 1 : 0;
                read = skip();
            }
            if (!read) {
                return false;
            }
            blanks();
            if (take('}')) {
                return true;
            }
            if (!take(',')) {
                return false;
            }
            blanks();
        }
    }

    /** Whether {@code source[from, to)}, a well-formed document, has no other members than a chunk that only reports usage. */
    boolean onlyReportsUsage(byte[] source, int from, int to) {
        bytes = source;
        at = from;
        end = to;
        blanks();
        boolean only = take('{');
        do {
            blanks();
            int keyFrom = at;
            only = only && string() && isOfEveryChunk(keyFrom, at) && colon() && skip();
            blanks();
        } while (only && take(','));
        bytes = new byte[0];
        return only;
    }

    private boolean isOfEveryChunk(int from, int to) {
        for (byte[] field : CHUNK_FIELDS) {
            if (is(from, to, field)) {
                return true;
            }
        }
        return false;
    }

    /** Walks what the model said; {@code counts} says whether a string standing here is its words. */
    private boolean output(int depth, boolean counts) {
        if (at >= end) {
            return false;
        }
        if (depth > DEEPEST) {
            return skip(); // nobody speaks from so far down
        }
        if (bytes[at] == '"') {
            int from = at;
            if (!string()) {
                return false;
            }
            if (counts) {
                tally.add(bytes, from + 1, at - 1);
            }
            return true;
        }
        if (bytes[at] != '{' && bytes[at] != '[') {
            return skip();
        }
        boolean object = bytes[at] == '{';
        char close = object ? '}' : ']';
        at++;
        blanks();
        if (take(close)) {
            return true;
        }
        while (true) {
            boolean words = counts;
            if (object) {
                int keyFrom = at;
                if (!string()) {
                    return false;
                }
                words = isOutputField(keyFrom, at);
                if (!colon()) {
                    return false;
                }
            }
            if (!output(depth + 1, words)) {
                return false;
            }
            blanks();
            if (take(close)) {
                return true;
            }
            if (!take(',')) {
                return false;
            }
            blanks();
        }
    }

    private boolean isOutputField(int from, int to) {
        for (byte[] field : OUTPUT_FIELDS) {
            if (is(from, to, field)) {
                return true;
            }
        }
        return false;
    }

    /** Passes over one value of any kind. */
    private boolean skip() {
        if (at >= end) {
            return false;
        }
        byte first = bytes[at];
        if (first == '"') {
            return string();
        }
        if (first != '{' && first != '[') {
            return primitive();
        }
        int open = 0;
        while (at < end) {
            switch (bytes[at]) {
                case '"' -> {
                    if (!string()) {
                        return false;
                    }
                }
                case '{', '[' -> {
                    open++;
                    at++;
                }
                case '}', ']' -> {
                    open--;
                    at++;
                    if (open == 0) {
                        return true;
                    }
                }
                default -> at++;
            }
        }
        return false;
    }

    private boolean primitive() {
        int from = at;
        while (at < end) {
            byte c = bytes[at];
            if (c == ',' || c == '}' || c == ']' || c <= ' ') {
                break;
            }
            at++;
        }
        return at > from;
    }

    /** Passes over a string; {@code at} stands on its first quote before, behind its last one after. */
    private boolean string() {
        if (at >= end || bytes[at] != '"') {
            return false;
        }
        at++;
        while (at < end) {
            byte c = bytes[at];
            if (c == '"') {
                at++;
                return true;
            }
            at += c == '\\' ? 2 : 1;
        }
        return false;
    }

    private boolean colon() {
        blanks();
        if (!take(':')) {
            return false;
        }
        blanks();
        return at < end;
    }

    private boolean take(char wanted) {
        if (at < end && bytes[at] == wanted) {
            at++;
            return true;
        }
        return false;
    }

    private void blanks() {
        while (at < end && bytes[at] <= ' ' && bytes[at] >= 0) {
            at++;
        }
    }

    /** Whether the string from its quote at {@code from} to behind its last quote at {@code to} is this word. */
    private boolean is(int from, int to, byte[] word) {
        int length = word.length;
        if (to - from != length + 2) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (bytes[from + 1 + i] != word[i]) {
                return false;
            }
        }
        return true;
    }

    private static byte[] ascii(String word) {
        return word.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    }
}
