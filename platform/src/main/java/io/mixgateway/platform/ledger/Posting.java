package io.mixgateway.platform.ledger;

import static java.util.Objects.requireNonNull;

import io.mixgateway.relay.money.Nanos;

/** One leg of an {@link Entry}: what comes into an account is positive, what leaves it negative, never zero. */
public record Posting(LedgerAccount account, Nanos amount) {
    public Posting {
        requireNonNull(account, "account");
        if (amount.value() == 0) {
            throw new IllegalArgumentException("posting to " + account + ": 0 (expected: an amount)");
        }
    }
}
