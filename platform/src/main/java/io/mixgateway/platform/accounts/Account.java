package io.mixgateway.platform.accounts;

import static java.util.Objects.requireNonNull;

import io.mixgateway.relay.call.AccountId;
import java.time.Instant;
import java.time.ZoneId;

/**
 * Who pays.
 *
 * @param email where bills and warnings go
 * @param currency ISO 4217
 * @param timeZone in which days and months of this account begin, for spend caps and statements
 */
public record Account(
        AccountId id, String email, String name, String currency, ZoneId timeZone, Status status, Instant createdAt) {
    public Account {
        requireNonNull(id, "id");
        requireNonNull(email, "email");
        requireNonNull(name, "name");
        requireNonNull(currency, "currency");
        requireNonNull(timeZone, "timeZone");
        requireNonNull(status, "status");
        requireNonNull(createdAt, "createdAt");
    }

    /** Whether it may spend. */
    public enum Status {
        ACTIVE,
        SUSPENDED,
        CLOSED
    }
}
