package io.mixgateway.relay.sandbox;

import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.IntArrayList;
import io.mixgateway.relay.meter.TokenCounter;

/** The tokens of OpenAI's {@code o200k_base}. Names of special tokens in a text are text like any other. */
final class Tokens {
    /** So much is encoded at a time: the encoder's time grows faster than the text when it finds no word's end. */
    private static final int SLICE_CHARS = 4096;
    /** What is longer is counted up to here and the rest in proportion. */
    private static final int COUNTED_CHARS = 1_000_000;

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
        int counted = Math.min(text.length(), COUNTED_CHARS);
        long count = 0;
        for (int at = 0; at < counted; ) {
            int end = sliceEnd(text, at, counted);
            count += encoding().countTokensOrdinary(text.substring(at, end));
            at = end;
        }
        return counted == text.length() ? count : Math.ceilDiv(count * text.length(), counted);
    }

    static int[] encode(String text) {
        var tokens = new IntArrayList(text.length() / 3 + 8);
        for (int at = 0; at < text.length(); ) {
            int end = sliceEnd(text, at, text.length());
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

    /** Cuts before a space where there is one, and never inside of a surrogate pair. */
    private static int sliceEnd(String text, int from, int to) {
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
}
