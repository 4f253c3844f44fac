package io.mixgateway.app.config;

import io.mixgateway.relay.catalog.Quirk;
import io.mixgateway.relay.catalog.Secret;
import io.mixgateway.relay.money.Nanos;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One entry under {@code providers:}. What is left out comes from the preset, if there is one. */
public record ProviderSettings(
        @Setting("The preset to start from. Left out: the one of the provider's own name, if there is one.")
        Optional<String> preset,

        @Setting("The wire format it speaks; today `openai`.")
        Optional<Dialect> dialect,

        @Setting("Where its API begins, with the version: `https://api.example.com/v1`.")
        Optional<URI> baseUrl,

        @Setting("Your key for it, best as `${NAME_OF_A_VARIABLE}`.")
        Optional<Secret> apiKey,

        @Setting("The header that carries the key; `authorization` unless the preset says otherwise.")
        Optional<String> authHeader,

        @Setting("The word before the key in it; `Bearer` unless the preset says otherwise, `none` for no word.")
        Optional<String> authScheme,

        @Setting(
                value = "Further headers to send with each call.",
                names = "[A-Za-z0-9!#$%&'*+.^_|~-]{1,100}",
                namesAre = "the name of a header")
        Map<String, Secret> headers,

        @Setting("Ways in which it differs from OpenAI; given here they replace the preset's.")
        Optional<List<Quirk>> quirks,

        @Setting(
                value = "Speak HTTP/2 in clear text to an `http:` address; over TLS it is negotiated.",
                byDefault = "false")
        boolean http2,

        @Setting(value = "What is added to its prices, as a share of them. Left out: `pricing.markup`.", most = "100")
        Optional<Nanos> markup,

        @Setting("The models it serves. One with the id of a preset's model replaces that.")
        List<ModelSettings> models) {

    private static final Set<String> NOT_YOURS =
            Set.of("host", "content-length", "transfer-encoding", "connection", "te", "upgrade", "cookie");

    public ProviderSettings {
        markup.ifPresent(share -> PriceSettings.millionths("markup", share));
        if (dialect.isPresent() && !dialect.get().isSpoken()) {
            throw new IllegalArgumentException(
                    "dialect: \"" + dialect.get().word() + "\" is not spoken yet (expected: openai)");
        }
        if (apiKey.isPresent() && apiKey.get().reveal().chars().anyMatch(letter -> letter <= ' ' || letter > '~')) {
            throw new IllegalArgumentException(
                    "api-key: has a blank or a special character in it (expected: the key alone)");
        }
        if (authHeader.isPresent() && !authHeader.get().matches("[A-Za-z0-9-]{1,100}")) {
            throw new IllegalArgumentException("auth-header: not the name of a header (expected: such as x-api-key)");
        }
        headers.keySet().stream()
                .filter(name -> NOT_YOURS.contains(name.toLowerCase(java.util.Locale.ROOT)))
                .findFirst()
                .ifPresent(name -> {
                    throw new IllegalArgumentException(
                            "headers: " + name + " is set by the gateway itself (expected: other headers)");
                });
    }
}
