package io.mixgateway.app.catalog;

import io.mixgateway.app.config.ConfigFile;
import io.mixgateway.app.config.Setting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
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
        static final Presets PRESETS = read();
    }

    private static Presets read() {
        try (var file = Objects.requireNonNull(Presets.class.getResourceAsStream(FILE), FILE)) {
            var text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
            var read = ConfigFile.readPlain(Presets.class, text, FILE);
            read.problems().throwIfAny(FILE);
            return read.settings();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    public Optional<Preset> named(String name) {
        return Optional.ofNullable(presets.get(name));
    }
}
