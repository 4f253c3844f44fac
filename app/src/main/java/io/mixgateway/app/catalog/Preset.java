package io.mixgateway.app.catalog;

import io.mixgateway.app.config.Setting;
import io.mixgateway.relay.catalog.Quirk;
import java.net.URI;
import java.util.List;

/** What is known of a company or server with an OpenAI-compatible surface: one entry of {@code presets.yaml}. */
public record Preset(
        @Setting("Its name for people.") String title,

        @Setting("Its own documentation of the API.") URI docs,

        @Setting("Where its API begins, with the version.") URI baseUrl,

        @Setting("The environment variables in which its users keep their key, the usual one first.")
        List<String> keyVariables,

        @Setting(
                value = "Whether a key in the environment makes a provider of it; not where the variable is shared.",
                byDefault = "true")
        boolean automatic,

        @Setting(value = "Whether it runs on the operator's own machine, without a key.", byDefault = "false")
        boolean local,

        @Setting(value = "The header that carries the key.", byDefault = "authorization")
        String authHeader,

        @Setting(value = "The word before the key in it; `none` for no word.", byDefault = "Bearer")
        String authScheme,

        @Setting("Ways in which it differs from OpenAI.") List<Quirk> quirks) {
    public Preset {
        if (keyVariables.isEmpty() != local) {
            throw new IllegalArgumentException(
                    "key-variables: expected of every preset that is not local, and of no other");
        }
    }
}
