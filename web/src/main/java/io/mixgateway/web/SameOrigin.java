package io.mixgateway.web;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * Whether a request that changes something was sent from a page of this site. Browsers say where such a request comes
 * from ({@code Origin}, RFC 6454; {@code Sec-Fetch-Site}), and a page elsewhere cannot make them say otherwise; what says
 * nothing is no browser, and has no business with cookies.
 */
final class SameOrigin {
    private SameOrigin() {}

    static boolean holds(Seen seen) {
        var origin = seen.header("origin");
        if (origin.isPresent()) {
            return authority(origin.get()).equalsIgnoreCase(seen.header("host").orElse("-"));
        }
        return seen.header("sec-fetch-site").orElse("").equals("same-origin");
    }

    /** The scheme is not compared: in front of this process TLS may end. */
    private static String authority(String origin) {
        try {
            var authority = new URI(origin).getRawAuthority();
            return authority == null ? "" : authority;
        } catch (URISyntaxException _) {
            return "";
        }
    }
}
