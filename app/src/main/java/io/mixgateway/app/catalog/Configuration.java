package io.mixgateway.app.catalog;

import io.mixgateway.app.config.ConfigException;
import io.mixgateway.app.config.ConfigFile;
import io.mixgateway.app.config.Paths;
import io.mixgateway.app.config.Problem;
import io.mixgateway.app.config.Problems;
import io.mixgateway.app.config.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A configuration that was checked whole: the file, the environment's overrides, and what they make of the presets.
 *
 * @param warnings what does not keep it from being used but should be known
 */
public record Configuration(Settings settings, CatalogPlan plan, List<Problem> warnings) {
    public Configuration {
        warnings = List.copyOf(warnings);
    }

    /**
     * Reads and checks everything, as {@code config check} does.
     *
     * @param file absent: there is none, and defaults and environment say it all
     * @throws ConfigException with all that is wrong
     */
    public static Configuration load(Optional<Path> file, Map<String, String> environment) {
        return load(file, environment, Presets.bundled(), Found.NOTHING);
    }

    /**
     * The same with presets read before.
     *
     * @param found what is known from elsewhere than the file
     * @throws ConfigException with all that is wrong
     */
    public static Configuration load(
            Optional<Path> file, Map<String, String> environment, Presets presets, Found found) {
        return of(ConfigFile.read(file, environment), environment, presets, found);
    }

    /**
     * Finds everything that is wrong, without throwing: in the file, in the environment's overrides, and in what they
     * make of the presets. What was read counts only when there are no errors.
     */
    public static ConfigFile.Read<Settings> check(Optional<Path> file, Map<String, String> environment) {
        var read = ConfigFile.read(file, environment);
        plan(read, environment, Presets.bundled(), Found.NOTHING);
        return read;
    }

    static Configuration of(
            ConfigFile.Read<Settings> read, Map<String, String> environment, Presets presets, Found found) {
        var plan = plan(read, environment, presets, found);
        read.problems().throwIfAny(read.source());
        return new Configuration(read.settings(), plan, read.problems().warnings());
    }

    private static CatalogPlan plan(
            ConfigFile.Read<Settings> read, Map<String, String> environment, Presets presets, Found found) {
        read.settings().server().tls().ifPresent(tls -> {
            needsFile("server.tls.certificate", tls.certificate(), read.problems());
            needsFile("server.tls.key", tls.key(), read.problems());
        });
        return CatalogPlan.of(read.settings(), presets, environment, found, read.problems());
    }

    private static void needsFile(String setting, Path file, Problems problems) {
        if (!Files.isReadable(file)) {
            problems.error(setting, Paths.quoted(file.toString()) + " cannot be read (expected: a PEM file)");
        }
    }
}
