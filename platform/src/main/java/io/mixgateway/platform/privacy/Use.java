package io.mixgateway.platform.privacy;

import static java.util.Objects.requireNonNull;

/** One use of a field, and why it is lawful. */
public record Use(Purpose purpose, LegalBasis basis) {
    public Use {
        requireNonNull(purpose, "purpose");
        requireNonNull(basis, "basis");
    }
}
