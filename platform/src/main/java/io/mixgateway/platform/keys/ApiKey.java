package io.mixgateway.platform.keys;

import static java.util.Objects.requireNonNull;

import io.mixgateway.relay.call.AccountId;
import io.mixgateway.relay.call.KeyId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A key as it may be shown.
 *
 * @param lastFour the end of the secret, by which its owner tells one from another
 */
public record ApiKey(
        KeyId id,
        AccountId account,
        String name,
        String lastFour,
        List<Cap> caps,
        Instant createdAt,
        Optional<Instant> expiresAt,
        Optional<Instant> revokedAt) {
    public ApiKey {
        requireNonNull(id, "id");
        requireNonNull(account, "account");
        requireNonNull(name, "name");
        requireNonNull(lastFour, "lastFour");
        caps = List.copyOf(caps);
        requireNonNull(createdAt, "createdAt");
        requireNonNull(expiresAt, "expiresAt");
        requireNonNull(revokedAt, "revokedAt");
    }
}
