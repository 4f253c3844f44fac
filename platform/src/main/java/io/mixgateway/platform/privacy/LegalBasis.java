package io.mixgateway.platform.privacy;

import java.util.Locale;

/** Why a use is lawful (GDPR, Article 6). */
public enum LegalBasis {
    /** Needed to carry out what was agreed. */
    CONTRACT,
    /** In the operator's interest, which outweighs nobody's rights here. */
    LEGITIMATE_INTEREST,
    /** Agreed to, and can be withdrawn. */
    CONSENT,
    /** The law asks for it. */
    LEGAL_DUTY;

    private final String id = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** A stable word for it; the documents name it by this in each language. */
    public String id() {
        return id;
    }
}
