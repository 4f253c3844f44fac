package io.mixgateway.platform.journal;

import io.mixgateway.relay.call.Attempt;
import io.mixgateway.relay.call.Generation;
import io.mixgateway.relay.meter.Usage;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Writes records into one array that is used again and again: variable-length numbers, length-prefixed UTF-8. Not
 * thread-safe. {@link RecordReader} reads them; a change of the form needs a new {@link #VERSION}, and the reader
 * keeps knowing the old ones, because a journal may outlive an upgrade.
 */
final class RecordWriter {
    static final int VERSION = 1;
    /** Longer texts are cut: the journal takes names, not content, and a name this long is a mistake or an attack. */
    private static final int MAX_TEXT_BYTES = 512;

    private byte[] bytes = new byte[1024];
    private int at;

    byte[] bytes() {
        return bytes;
    }

    /** Writes one framed record from the start of the array; gives its length in bytes. */
    int frame(Settled settled) {
        at = Frame.HEADER;
        number(VERSION);
        List<Long> budgets = settled.budgets();
        number(budgets.size());
        for (int i = 0; i < budgets.size(); i++) {
            number(budgets.get(i));
        }
        generation(settled.generation());
        int payload = at - Frame.HEADER;
        if (payload > Frame.MAX_PAYLOAD) {
            throw new IllegalArgumentException(
                    "record: " + payload + " bytes (expected: at most " + Frame.MAX_PAYLOAD + ")");
        }
        Frame.seal(bytes, 0, payload);
        return at;
    }

    private void generation(Generation g) {
        text(g.id().value());
        number(g.createdAt().toEpochMilli());
        text(g.account().value());
        text(g.key().value());
        text(g.modelAsked());
        text(g.provider());
        text(g.modelSent());
        text(g.modelServed());
        text(g.dialect());
        number(g.streamed() ? 1 : 0);
        text(g.outcome().code());
        usage(g.usage());
        text(g.usageSource().code());
        number(g.cost().value());
        number(g.hold().value());
        text(g.priceVersion());
        number(g.latencyMillis());
        number(g.firstTokenMillis());
        List<Attempt> attempts = g.attempts();
        number(attempts.size());
        for (int i = 0; i < attempts.size(); i++) {
            Attempt attempt = attempts.get(i);
            text(attempt.provider());
            number(attempt.status());
            text(attempt.outcome());
        }
    }

    private void usage(Usage u) {
        number(u.input());
        number(u.cacheRead());
        number(u.cacheWrite5m());
        number(u.cacheWrite1h());
        number(u.output());
        number(u.reasoning());
        number(u.audioInput());
        number(u.audioOutput());
        number(u.imageInput());
        number(u.imageOutput());
        number(u.providerTotal());
    }

    /** Zigzag, seven bits a byte, least first: small numbers of either sign take one byte. */
    private void number(long value) {
        room(10);
        long left = (value << 1) ^ (value >> 63);
        while ((left & ~0x7fL) != 0) {
            bytes[at++] = (byte) ((left & 0x7f) | 0x80);
            left >>>= 7;
        }
        bytes[at++] = (byte) left;
    }

    private void text(String text) {
        int length = text.length();
        if (length <= MAX_TEXT_BYTES) {
            number(length);
            room(length);
            int start = at;
            for (int i = 0; i < length; i++) {
                char c = text.charAt(i);
                // PostgreSQL refuses U+0000 in text, and a record it refuses would hold all later ones up.
                if (c >= 0x80 || c == 0) {
                    at = start - lengthOf(length);
                    wideText(text);
                    return;
                }
                bytes[at++] = (byte) c;
            }
        } else {
            wideText(text);
        }
    }

    private void wideText(String text) {
        byte[] encoded = text.replace('\0', '\uFFFD').getBytes(StandardCharsets.UTF_8);
        int length = Math.min(encoded.length, MAX_TEXT_BYTES);
        while (length < encoded.length && length > 0 && (encoded[length] & 0xC0) == 0x80) {
            length--;
        }
        number(length);
        room(length);
        System.arraycopy(encoded, 0, bytes, at, length);
        at += length;
    }

    private static int lengthOf(int textLength) {
        return textLength < 64 ? 1 : 2;
    }

    private void room(int more) {
        if (bytes.length - at < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, at + more));
        }
    }
}
