package io.mixgateway.relay.meter;

import java.util.Locale;

/** Who counted. */
public enum UsageSource {
    /** The provider reported it: the truth. */
    PROVIDER,
    /** The provider did not report it, so the gateway counted; the receipt says so. */
    ESTIMATED;

    private final String code = name().toLowerCase(Locale.ROOT);

    public String code() {
        return code;
    }
}
