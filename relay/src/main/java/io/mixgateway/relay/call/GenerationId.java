package io.mixgateway.relay.call;

import static java.util.Objects.requireNonNull;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One admitted call, {@code gen-} followed by 26 characters of Crockford base 32: 48 bits of
 * milliseconds since 1970, then 80 random bits. Ids sort by time; {@link #createdAt()} reads it back.
 */
public record GenerationId(String value) {
    private static final String PREFIX = "gen-";
    private static final char[] ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz".toCharArray();
    private static final byte[] VALUES = values();
    private static final int LENGTH = 26;
    private static final long NODE_SALT = new SecureRandom().nextLong();

    public GenerationId {
        requireNonNull(value, "value");
        if (value.length() != PREFIX.length() + LENGTH || !value.startsWith(PREFIX)) {
            throw new IllegalArgumentException("generation id: " + value + " (expected: gen-…)");
        }
        for (int i = PREFIX.length(); i < value.length(); i++) {
            digit(value.charAt(i));
        }
        if (value.charAt(PREFIX.length()) > '7') {
            throw new IllegalArgumentException("generation id: " + value + " (expected: at most 128 bits)");
        }
    }

    /** A new id for a call that was admitted at {@code now}. */
    public static GenerationId at(Instant now) {
        var random = ThreadLocalRandom.current();
        return of(now.toEpochMilli(), random.nextLong() ^ NODE_SALT, random.nextLong());
    }

    private static GenerationId of(long millis, long high, long low) {
        var out = new char[PREFIX.length() + LENGTH];
        PREFIX.getChars(0, PREFIX.length(), out, 0);
        int at = PREFIX.length();
        for (int shift = 45; shift >= 0; shift -= 5) {
            out[at++] = ALPHABET[(int) (millis >>> shift) & 31];
        }
        for (int shift = 35; shift >= 0; shift -= 5) {
            out[at++] = ALPHABET[(int) (high >>> shift) & 31];
        }
        for (int shift = 35; shift >= 0; shift -= 5) {
            out[at++] = ALPHABET[(int) (low >>> shift) & 31];
        }
        return new GenerationId(new String(out));
    }

    /** When the call was admitted, to the millisecond: read from the id itself. */
    public Instant createdAt() {
        long millis = 0;
        for (int i = PREFIX.length(); i < PREFIX.length() + 10; i++) {
            millis = millis << 5 | digit(value.charAt(i));
        }
        return Instant.ofEpochMilli(millis);
    }

    /** The same 128 bits as a UUID, for a store that keeps them in 16 bytes. Sorts as the id does. */
    public UUID uuid() {
        long high = 0;
        long low = 0;
        for (int i = PREFIX.length(); i < PREFIX.length() + LENGTH; i++) {
            high = high << 5 | low >>> 59;
            low = low << 5 | digit(value.charAt(i));
        }
        return new UUID(high, low);
    }

    private static int digit(char c) {
        int digit = c < VALUES.length ? VALUES[c] : -1;
        if (digit >= 0) {
            return digit;
        }
        throw new IllegalArgumentException(
                "generation id: character '" + c + "' (expected: 0-9, a-z without i, l, o, u)");
    }

    private static byte[] values() {
        var values = new byte['z' + 1];
        Arrays.fill(values, (byte) -1);
        for (int i = 0; i < ALPHABET.length; i++) {
            values[ALPHABET[i]] = (byte) i;
        }
        return values;
    }

    @Override
    public String toString() {
        return value;
    }
}
