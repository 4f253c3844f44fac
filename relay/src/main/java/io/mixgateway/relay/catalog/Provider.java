package io.mixgateway.relay.catalog;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An upstream company or server, as configured.
 *
 * @param name the word before the colon in {@code name:model}
 * @param dialect the wire format it speaks, such as {@code openai}, or {@code sandbox} for the built-in one
 * @param baseUrl where its API begins, without a slash at the end, such as {@code https://api.openai.com/v1}
 * @param authHeader the header that carries the credential, such as {@code authorization}
 * @param authScheme what stands before the credential in it, such as {@code "Bearer "}; may be empty
 * @param apiKey the operator's credential, if the provider needs one
 * @param headers further headers to send with each call
 * @param http2 whether to speak HTTP/2 in clear text to an {@code http:} base URL; over TLS it is negotiated
 */
public record Provider(
        String name,
        String dialect,
        URI baseUrl,
        String authHeader,
        String authScheme,
        Optional<Secret> apiKey,
        Map<String, String> headers,
        Set<Quirk> quirks,
        boolean http2) {
    public Provider {
        requireNonNull(name, "name");
        requireNonNull(dialect, "dialect");
        requireNonNull(baseUrl, "baseUrl");
        requireNonNull(authHeader, "authHeader");
        requireNonNull(authScheme, "authScheme");
        requireNonNull(apiKey, "apiKey");
        headers = Map.copyOf(headers);
        quirks = Set.copyOf(quirks);
    }

    /** Without the values of its headers, which may be credentials too. */
    @Override
    public String toString() {
        return "Provider[" + name + ", " + dialect + ", " + baseUrl + ", headers " + headers.keySet() + ", " + quirks
                + "]";
    }

    public boolean has(Quirk quirk) {
        return quirks.contains(quirk);
    }
}
