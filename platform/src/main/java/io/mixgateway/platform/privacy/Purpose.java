package io.mixgateway.platform.privacy;

import java.util.Locale;

/** What a field is used for. */
public enum Purpose {
    /** To answer requests and show people their own account. */
    SERVICE,
    /** To charge for what was used, and to be able to prove it. */
    BILLING,
    /** To keep accounts and the service from being abused. */
    SECURITY,
    /** To find and mend faults. */
    RELIABILITY,
    /** To keep the books that the law asks for. */
    BOOKKEEPING;

    private final String id = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** A stable word for it; the documents name it by this in each language. */
    public String id() {
        return id;
    }
}
