package io.mixgateway.relay.http;

import io.mixgateway.relay.catalog.Provider;
import io.mixgateway.relay.catalog.Secret;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds what only the operator and a provider know in what the provider says. */
final class OperatorSecrets {
    private static final int SHORTEST = 4;
    /** A header of this length may hold a credential whatever it is called; a shorter one is a version or a flag. */
    private static final int TELLING_LENGTH = 16;

    private static final Pattern TELLING_NAME =
            Pattern.compile("auth|key|token|secret|cookie|password|signature", Pattern.CASE_INSENSITIVE);
    private static final Pattern JSON_ESCAPE = Pattern.compile("\\\\(?:u([0-9a-fA-F]{4})|([\"\\\\/]))");

    private OperatorSecrets() {}

    /** Whether the provider's key or a credential among its headers is in the text, as it is or with JSON's escapes. */
    static boolean areIn(String text, Provider provider) {
        var secrets = Stream.concat(
                        provider.apiKey().map(Secret::reveal).stream(),
                        provider.headers().entrySet().stream()
                                .filter(OperatorSecrets::mayBeCredential)
                                .map(Map.Entry::getValue))
                .filter(secret -> secret.length() >= SHORTEST)
                .toList();
        var plain = unescaped(text);
        return secrets.stream().anyMatch(secret -> text.contains(secret) || plain.contains(secret));
    }

    private static boolean mayBeCredential(Map.Entry<String, String> header) {
        return header.getValue().length() >= TELLING_LENGTH
                || TELLING_NAME.matcher(header.getKey()).find();
    }

    private static String unescaped(String text) {
        return JSON_ESCAPE.matcher(text).replaceAll(found -> {
            var hex = found.group(1);
            var meant = hex == null ? found.group(2) : Character.toString(Integer.parseInt(hex, 16));
            return Matcher.quoteReplacement(meant);
        });
    }
}
