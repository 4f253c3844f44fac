package io.mixgateway.relay.call;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/**
 * Who is calling, as their API key says. A snapshot: whoever revokes the key swaps it out of the cache.
 *
 * @param expiresAt when the key stops working, if ever
 * @param discount what the account's plan takes off every price, in millionths
 */
public record Caller(AccountId account, KeyId key, String keyName, Optional<Instant> expiresAt, int discount) {
    public Caller {
        requireNonNull(account, "account");
        requireNonNull(key, "key");
        requireNonNull(keyName, "keyName");
        requireNonNull(expiresAt, "expiresAt");
    }

    /** One whose account has no plan with a discount. */
    public Caller(AccountId account, KeyId key, String keyName, Optional<Instant> expiresAt) {
        this(account, key, keyName, expiresAt, 0);
    }
}
