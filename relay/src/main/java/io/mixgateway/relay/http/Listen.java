package io.mixgateway.relay.http;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where the server listens.
 *
 * @param port 0 for any free one
 * @param tls if given, HTTPS with HTTP/1.1 and HTTP/2; else cleartext HTTP/1.1 and HTTP/2
 * @param eventLoops how many event loops serve; one for each processor is right
 * @param firstHead how long a new connection may take for its first request's head, a TLS handshake included
 */
public record Listen(String host, int port, Optional<Tls> tls, int eventLoops, Duration firstHead) {
    /** What slow clients far away need, many times over. */
    public static final Duration FIRST_HEAD = Duration.ofSeconds(60);

    public Listen {
        requireNonNull(host, "host");
        requireNonNull(tls, "tls");
        requireNonNull(firstHead, "firstHead");
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 0 to 65535)");
        }
        if (eventLoops < 1) {
            throw new IllegalArgumentException("eventLoops: " + eventLoops + " (expected: at least 1)");
        }
    }

    /** PEM files of the server's own identity. */
    public record Tls(Path certificate, Path key) {
        public Tls {
            requireNonNull(certificate, "certificate");
            requireNonNull(key, "key");
        }
    }
}
