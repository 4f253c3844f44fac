package io.mixgateway.platform.keys;

import java.nio.ByteBuffer;

/** The keyed digest of a key's secret, 256 bits, as it is looked up. Says nothing about the secret without the digest key. */
record Digest(long first, long second, long third, long fourth) {
    private static final int BYTES = 32;

    static Digest of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("digest: " + bytes.length + " bytes (expected: " + BYTES + ")");
        }
        var buffer = ByteBuffer.wrap(bytes);
        return new Digest(buffer.getLong(), buffer.getLong(), buffer.getLong(), buffer.getLong());
    }

    byte[] bytes() {
        return ByteBuffer.allocate(BYTES)
                .putLong(first)
                .putLong(second)
                .putLong(third)
                .putLong(fourth)
                .array();
    }

    /** Any of its bits are as good as all. */
    @Override
    public int hashCode() {
        return Long.hashCode(first);
    }

    @Override
    public String toString() {
        return "digest(" + Integer.toHexString(hashCode()) + ")";
    }
}
