package io.mixgateway.platform.accounts;

import static java.util.Objects.requireNonNull;

/** A person who signs in: the public id, {@code usr-…}. */
public record PersonId(String value) {
    public PersonId {
        requireNonNull(value, "value");
    }

    @Override
    public String toString() {
        return value;
    }
}
