package io.mixgateway.platform.signin;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * A session as its owner sees it in the list.
 *
 * @param browser by family, such as {@code Firefox, Linux}
 * @param network where it was last used from, such as {@code 203.0.113.0/24}
 * @param expiresAt when it ends though it is used
 */
public record OpenSession(
        SessionId id, String browser, String network, Instant createdAt, Instant lastSeenAt, Instant expiresAt) {
    public OpenSession {
        requireNonNull(id, "id");
        requireNonNull(browser, "browser");
        requireNonNull(network, "network");
        requireNonNull(createdAt, "createdAt");
        requireNonNull(lastSeenAt, "lastSeenAt");
        requireNonNull(expiresAt, "expiresAt");
    }
}
