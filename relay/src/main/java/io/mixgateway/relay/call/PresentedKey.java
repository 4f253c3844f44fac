package io.mixgateway.relay.call;

import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where a client puts its API key, the same on every path: {@code Authorization: Bearer …}, or {@code x-api-key} or
 * {@code api-key}, which some SDKs send.
 */
public final class PresentedKey {
    private static final String BEARER = "Bearer";

    private PresentedKey() {}

    /** @param header the value of the request's header of a name in small letters, or null */
    public static Optional<String> in(Function<String, @Nullable String> header) {
        var authorization = header.apply("authorization");
        if (authorization != null
                && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                && authorization.length() > BEARER.length()
                && Character.isWhitespace(authorization.charAt(BEARER.length()))) {
            return Optional.of(authorization.substring(BEARER.length()).strip());
        }
        var plain = header.apply("x-api-key");
        return Optional.ofNullable(plain == null ? header.apply("api-key") : plain);
    }
}
