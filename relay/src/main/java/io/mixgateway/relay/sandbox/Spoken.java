package io.mixgateway.relay.sandbox;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A text as a model emits it: token by token. */
final class Spoken {
    static final Spoken NOTHING = new Spoken(new int[0]);

    private final int[] tokens;

    private Spoken(int[] tokens) {
        this.tokens = tokens;
    }

    static Spoken of(String text) {
        return new Spoken(Tokens.encode(text));
    }

    /** Exactly {@code count} tokens: those of {@code text} over and over. */
    static Spoken repeating(String text, int count) {
        var once = Tokens.encode(text);
        var tokens = new int[count];
        for (int at = 0; at < count; at++) {
            tokens[at] = once[at % once.length];
        }
        return new Spoken(tokens);
    }

    /** The first {@code most} tokens. */
    Spoken atMost(long most) {
        return most >= tokens.length ? this : new Spoken(Arrays.copyOf(tokens, (int) Math.max(0, most)));
    }

    int tokenCount() {
        return tokens.length;
    }

    int token(int at) {
        return tokens[at];
    }

    /** The whole text, less a last character of which not every token is there. */
    String text() {
        var text = new StringBuilder();
        var reading = new Reading();
        for (var fragment = reading.next(); fragment != null; fragment = reading.next()) {
            text.append(fragment.text());
        }
        return text.toString();
    }

    Reading read() {
        return new Reading();
    }

    /**
     * The least number of tokens that make whole characters; most often one.
     *
     * @param text empty only for the tokens of a last character that was not finished
     * @param from index of the first token
     * @param to index after the last
     */
    record Fragment(String text, int from, int to) {
        int tokens() {
            return to - from;
        }
    }

    /** A place in the text. */
    final class Reading {
        private int at;

        private Reading() {}

        /** What comes next, or null at the end. */
        @Nullable
        Fragment next() {
            if (at == tokens.length) {
                return null;
            }
            int from = at;
            var bytes = new ByteArrayOutputStream(16);
            while (at < tokens.length) {
                bytes.writeBytes(Tokens.bytes(tokens[at++]));
                if (endsWhole(bytes.toByteArray())) {
                    return new Fragment(bytes.toString(StandardCharsets.UTF_8), from, at);
                }
            }
            return new Fragment("", from, at);
        }
    }

    /** Whether UTF-8 {@code bytes} end where a character ends. */
    private static boolean endsWhole(byte[] bytes) {
        int last = bytes.length - 1;
        int following = 0;
        while (last - following >= 0 && (bytes[last - following] & 0xc0) == 0x80) {
            following++;
        }
        if (last - following < 0) {
            return bytes.length == 0;
        }
        int lead = bytes[last - following] & 0xff;
        int wanted = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc0 ? 1 : 0;
        return following == wanted;
    }
}
