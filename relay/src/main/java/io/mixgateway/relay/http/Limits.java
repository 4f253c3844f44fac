package io.mixgateway.relay.http;

import java.time.Duration;

/**
 * Bounds of every call. Read anew for each one, so a reload takes effect at once, except {@code maxHeaderBytes}, which
 * holds from the start of the server.
 *
 * @param maxBodyBytes the longest request body
 * @param maxHeaderBytes the longest request head
 * @param connect to reach a provider
 * @param firstByte from sending the request to the first byte of the answer's body
 * @param idle between two bytes, of the client's request or of the answer; also for how long a client may not read
 * @param total from the request to the end of the answer
 * @param maxConcurrentCalls beyond this many calls at once, new ones get 503
 */
public record Limits(
        long maxBodyBytes,
        int maxHeaderBytes,
        Duration connect,
        Duration firstByte,
        Duration idle,
        Duration total,
        int maxConcurrentCalls) {
    public static final Limits DEFAULT = new Limits(
            20 * 1024 * 1024,
            64 * 1024,
            Duration.ofSeconds(2),
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            Duration.ofMinutes(30),
            20_000);

    public Limits {
        positive(connect, "connect");
        positive(firstByte, "first-byte");
        positive(idle, "idle");
        positive(total, "total");
        if (maxBodyBytes <= 0 || maxBodyBytes > Integer.MAX_VALUE - 1024) {
            throw new IllegalArgumentException("max-body: " + maxBodyBytes + " (expected: 1 byte to 2 GB)");
        }
        if (maxHeaderBytes < 1024) {
            throw new IllegalArgumentException("max-headers: " + maxHeaderBytes + " (expected: at least 1 KB)");
        }
        if (maxConcurrentCalls < 1) {
            throw new IllegalArgumentException(
                    "max-concurrent-calls: " + maxConcurrentCalls + " (expected: at least 1)");
        }
    }

    private static void positive(Duration duration, String name) {
        if (!duration.isPositive()) {
            throw new IllegalArgumentException(name + ": " + duration + " (expected: > 0)");
        }
    }
}
