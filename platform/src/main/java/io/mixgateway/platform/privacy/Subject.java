package io.mixgateway.platform.privacy;

import java.util.Locale;

/** Whose data a field is. */
public enum Subject {
    /** Who signs in. */
    PERSON,
    /** Who pays: a person or a company. */
    ACCOUNT,
    /** Anybody whose words or data a client puts into a request. */
    CALLER;

    private final String id = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** A stable word for it; the documents name it by this in each language. */
    public String id() {
        return id;
    }
}
