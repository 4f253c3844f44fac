package io.mixgateway.platform.signin;

import static java.util.Objects.requireNonNull;

/** One sign-in in one browser: the public id, {@code ses-…}. */
public record SessionId(String value) {
    public SessionId {
        requireNonNull(value, "value");
    }

    @Override
    public String toString() {
        return value;
    }
}
