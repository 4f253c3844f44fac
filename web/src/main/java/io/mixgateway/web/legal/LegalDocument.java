package io.mixgateway.web.legal;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The documents there are. */
public enum LegalDocument {
    PRIVACY,
    TERMS,
    COOKIES;

    private final String code = name().toLowerCase(Locale.ROOT);

    /** As in its path, {@code /legal/privacy}. */
    public String code() {
        return code;
    }

    /** The document of that code. */
    public static Optional<LegalDocument> of(String code) {
        return Arrays.stream(values()).filter(one -> one.code.equals(code)).findFirst();
    }
}
