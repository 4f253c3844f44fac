package io.mixgateway.relay.call;

import static java.util.Objects.requireNonNull;

/** An API key's public id, {@code key-…}. Never the secret itself. */
public record KeyId(String value) {
    public KeyId {
        requireNonNull(value, "value");
    }

    @Override
    public String toString() {
        return value;
    }
}
