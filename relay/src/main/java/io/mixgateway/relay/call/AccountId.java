package io.mixgateway.relay.call;

import static java.util.Objects.requireNonNull;

/** Who pays: an account's public id, {@code acc-…}. */
public record AccountId(String value) {
    public AccountId {
        requireNonNull(value, "value");
    }

    @Override
    public String toString() {
        return value;
    }
}
