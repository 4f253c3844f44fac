package io.mixgateway.platform.privacy;

import java.util.Locale;

/** Who gets to see a field beside the operator. */
public enum Recipient {
    /** Whoever runs the machines and the database for the operator, if anybody does. */
    HOSTING,
    /** Whoever keeps the operator's logs. */
    LOG_STORE,
    /** The provider of the model that was asked for. */
    MODEL_PROVIDER,
    /** The browser that it was set in. */
    OWN_BROWSER;

    private final String id = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** A stable word for it; the documents name it by this in each language. */
    public String id() {
        return id;
    }
}
