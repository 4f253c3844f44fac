package io.mixgateway.web;

import static java.util.Objects.requireNonNull;

import io.mixgateway.platform.privacy.SetCookie;
import java.util.regex.Pattern;

/**
 * The one place that writes {@code set-cookie}, so that no cookie is set which nobody has declared. Each is for this
 * host and all its paths, hidden from scripts, and goes with same-site requests only. Those that are secrets have names with
 * {@code __Host-}, which browsers take over TLS, or from this machine, only.
 */
public final class Cookies {
    /** The header's name. */
    public static final String HEADER = "set-cookie";

    private static final Pattern VALUE = Pattern.compile("[A-Za-z0-9._~-]{1,512}");

    private Cookies() {}

    /**
     * The header's value that sets a cookie.
     *
     * @param value letters, digits and {@code . _ ~ -}
     */
    public static String set(SetCookie cookie, String value) {
        requireNonNull(value, "value");
        if (!VALUE.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "value of cookie " + cookie.cookieName() + " (expected: plain characters)");
        }
        return cookie.cookieName() + "=" + value + attributes(cookie)
                + cookie.lifetime().map(time -> "; Max-Age=" + time.toSeconds()).orElse("");
    }

    /** The header's value that takes a cookie back. */
    public static String delete(SetCookie cookie) {
        return cookie.cookieName() + "=" + attributes(cookie) + "; Max-Age=0";
    }

    private static String attributes(SetCookie cookie) {
        return "; Path=/; HttpOnly; SameSite=Lax" + (cookie.cookieName().startsWith("__Host-") ? "; Secure" : "");
    }
}
