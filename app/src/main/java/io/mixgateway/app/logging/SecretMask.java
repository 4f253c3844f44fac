package io.mixgateway.app.logging;

import java.util.regex.Pattern;

/**
 * Replaces what looks like a credential in text on its way to the log. Types that hold secrets print masked by
 * themselves; this is for the texts of libraries, which know nothing of those types.
 */
public final class SecretMask {
    /** Keys as providers and we ourselves form them, credentials in headers and in URLs. */
    private static final Pattern CREDENTIAL =
            Pattern.compile("\\b(?:sk|pk|rk|gsk|xai|pplx|nvapi|hf|AIza)[-_]?[A-Za-z0-9_-]{16,}"
                    + "|(?i)(?<=bearer )[A-Za-z0-9._~+/=-]{8,}"
                    + "|(?i)(?<=[?&](?:key|api_key|token|password)=)[^&\\s\"']+"
                    + "|(?<=://)[^/\\s:@\"']+:[^/\\s@\"']+(?=@)");

    static final String MASK = "[masked]";

    private SecretMask() {}

    /** {@code text} with every credential in it replaced. */
    public static String mask(String text) {
        return CREDENTIAL.matcher(text).replaceAll(MASK);
    }
}
