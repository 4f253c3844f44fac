package io.mixgateway.app.catalog;

import io.mixgateway.app.config.ConfigFile;
import io.mixgateway.app.config.Setting;
import java.util.Map;
import java.util.Optional;

/** The presets that come with the program, by name. */
public record Presets(
        @Setting(
                value = "The presets, by the name that a provider gets.",
                names = "[a-z0-9][a-z0-9-]{0,40}",
                namesAre = "small letters, digits and hyphens")
        Map<String, Preset> presets) {

    private static final String FILE = "presets.yaml";

    /** Those of {@code presets.yaml}, read once. */
    public static Presets bundled() {
        return Bundled.PRESETS;
    }

    private static final class Bundled {
        static final Presets PRESETS = ConfigFile.bundled(Presets.class, FILE).orElseThrow();
    }

    public Optional<Preset> named(String name) {
        return Optional.ofNullable(presets.get(name));
    }
}
