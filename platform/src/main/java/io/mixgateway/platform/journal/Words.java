package io.mixgateway.platform.journal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Texts that were read lately. Records name the same accounts, keys and models again and again: the same string object
 * for the same bytes saves making it, and its hash is known. Bounded: a slot keeps the last text that fell on it. Not
 * thread-safe.
 */
final class Words {
    private static final int SLOTS = 1024;
    private static final int LONGEST = 128;

    private final byte[][] bytes = new byte[SLOTS][];
    private final String[] texts = new String[SLOTS];

    Words() {
        Arrays.fill(bytes, new byte[0]);
        Arrays.fill(texts, "");
    }

    /** The UTF-8 text of {@code length} bytes at {@code from}. */
    String text(byte[] source, int from, int length) {
        if (length > LONGEST) {
            return new String(source, from, length, StandardCharsets.UTF_8);
        }
        int hash = length;
        for (int i = from; i < from + length; i++) {
            hash = 31 * hash + source[i];
        }
        int slot = (hash ^ hash >>> 15) & (SLOTS - 1);
        var known = bytes[slot];
        if (Arrays.equals(known, 0, known.length, source, from, from + length)) {
            return texts[slot];
        }
        var text = new String(source, from, length, StandardCharsets.UTF_8);
        bytes[slot] = Arrays.copyOfRange(source, from, from + length);
        texts[slot] = text;
        return text;
    }
}
