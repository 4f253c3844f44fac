package io.mixgateway.relay.sandbox;

import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.IntArrayList;
import io.mixgateway.relay.meter.TokenCounter;

/** The tokens of OpenAI's {@code o200k_base}. Names of special tokens in a text are text like any other. */
final class Tokens {
    private static volatile boolean loaded;

    private Tokens() {}

    /** Whether the table of tokens is in memory; reading it takes too long for an event loop. */
    static boolean loaded() {
        return loaded;
    }

    private static Encoding encoding() {
        var encoding = TokenCounter.vocabulary();
        loaded = true;
        return encoding;
    }

    static long count(String text) {
        encoding();
        return TokenCounter.count(text);
    }

    static int[] encode(String text) {
        var tokens = new IntArrayList(text.length() / 3 + 8);
        for (int at = 0; at < text.length(); ) {
            int end = TokenCounter.sliceEnd(text, at, text.length());
            var slice = encoding().encodeOrdinary(text.substring(at, end));
            for (int index = 0; index < slice.size(); index++) {
                tokens.add(slice.get(index));
            }
            at = end;
        }
        return tokens.toArray();
    }

    /** What the token stands for: not always whole characters. */
    static byte[] bytes(int token) {
        var one = new IntArrayList(1);
        one.add(token);
        return encoding().decodeBytes(one);
    }
}
