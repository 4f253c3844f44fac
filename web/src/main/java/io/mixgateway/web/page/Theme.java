package io.mixgateway.web.page;

import java.util.Arrays;
import java.util.Locale;

/** Light, dark, or as the viewer's system says. */
public enum Theme {
    AUTO,
    LIGHT,
    DARK;

    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** {@link #AUTO} for any other word. */
    public static Theme of(String code) {
        return Arrays.stream(values())
                .filter(theme -> theme.code().equals(code))
                .findFirst()
                .orElse(AUTO);
    }
}
