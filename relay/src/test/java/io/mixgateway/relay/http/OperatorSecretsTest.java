package io.mixgateway.relay.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.mixgateway.relay.catalog.Provider;
import io.mixgateway.relay.catalog.Secret;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OperatorSecretsTest {
    private static final Provider PROVIDER = new Provider(
            "p",
            "openai",
            URI.create("https://api.example.com/v1"),
            "authorization",
            "Bearer ",
            Optional.of(new Secret("sk/a+b=\"c\\d")),
            Map.of("x-feature", "beta", "x-team-token", "t-77", "x-odd", "0123456789abcdef"),
            Set.of(),
            false);

    @Test
    void findsTheKeyAsItIsAndAsJsonWritesIt() {
        assertThat(OperatorSecrets.areIn("no such key: sk/a+b=\"c\\d", PROVIDER))
                .isTrue();
        assertThat(OperatorSecrets.areIn("{\"error\":\"key sk\\/a+b\\u003D\\\"c\\\\d is wrong\"}", PROVIDER))
                .isTrue();
        assertThat(OperatorSecrets.areIn("{\"error\":\"key sk/a+b=… is wrong\"}", PROVIDER))
                .isFalse();
    }

    @Test
    void findsCredentialsAmongTheHeadersAndNotEveryWordThere() {
        assertThat(OperatorSecrets.areIn("team t-77 is not known", PROVIDER)).isTrue();
        assertThat(OperatorSecrets.areIn("0123456789abcdef is not known", PROVIDER))
                .isTrue();
        assertThat(OperatorSecrets.areIn("'temperature' is not there in this beta", PROVIDER))
                .isFalse();
    }

    @Test
    void takesBrokenEscapesAsTheyAre() {
        assertThat(OperatorSecrets.areIn("\\u12 \\x \\", PROVIDER)).isFalse();
    }
}
