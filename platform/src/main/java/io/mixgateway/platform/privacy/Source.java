package io.mixgateway.platform.privacy;

import java.util.Locale;

/** Where a field comes from. */
public enum Source {
    /** Somebody typed it in. */
    GIVEN,
    /** It arises from the use of the service. */
    AUTOMATIC,
    /** Somebody else told us, such as a model provider. */
    THIRD_PARTY;

    private final String id = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** A stable word for it; the documents name it by this in each language. */
    public String id() {
        return id;
    }
}
