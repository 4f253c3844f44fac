package io.mixgateway.platform.privacy;

import java.util.Locale;

/** What becomes of a field when its person is erased. */
public enum Erasure {
    /** It is deleted. */
    DELETED,
    /** It stays, and nothing in it leads to the person any more. */
    ANONYMISED,
    /** It stays until the law lets it go, and is used for nothing else. */
    KEPT_BY_LAW,
    /** It goes by itself soon: see its retention. */
    EXPIRES;

    private final String id = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** A stable word for it; the documents name it by this in each language. */
    public String id() {
        return id;
    }
}
