package io.mixgateway.relay.meter;

import java.util.Arrays;

/**
 * What a model has said so far, kept only to count tokens should the provider not report them: in memory, bounded,
 * and gone with the call. Beyond the bound only the length is kept.
 *
 * <p>Text is kept as it stands between the quotes of JSON strings, escapes and all.
 */
public final class TextTally {
    /** Takes everything and keeps nothing. */
    public static final TextTally NONE = new TextTally(0);

    private static final int KEPT_BYTES = 256 * 1024;

    private final int bound;
    private byte[] kept = {};
    private int length;
    private long total;
    private int pieces;

    public TextTally() {
        this(KEPT_BYTES);
    }

    private TextTally(int bound) {
        this.bound = bound;
    }

    /** Adds {@code source[from, to)}, the inside of a JSON string. */
    public void add(byte[] source, int from, int to) {
        int size = to - from;
        if (size <= 0 || bound == 0) {
            return;
        }
        total += size;
        pieces++;
        if (length + size > bound) {
            return;
        }
        if (length + size > kept.length) {
            kept = Arrays.copyOf(kept, Math.min(bound, Math.max(length + size, Math.max(128, kept.length * 2))));
        }
        System.arraycopy(source, from, kept, length, size);
        length += size;
    }

    /** Bytes of text so far. */
    public long totalBytes() {
        return total;
    }

    public boolean isEmpty() {
        return total == 0;
    }

    /** A quick count, rather above the truth than below, also for digits: for deciding whether a hold must grow. */
    public long roughTokens() {
        return Math.max(pieces, total / 2);
    }

    /** What so many bytes of text likely have in tokens. */
    public static long likelyTokens(long bytes) {
        return Math.ceilDiv(bytes, 4);
    }

    /** The tokens of the text, by tokenizer. May take milliseconds: not for event loops. */
    public long countTokens() {
        long counted = TokenCounter.ofJsonText(kept, 0, length);
        return total == length ? counted : counted + likelyTokens(total - length);
    }

    @Override
    public String toString() {
        return "TextTally[" + total + " bytes]";
    }
}
