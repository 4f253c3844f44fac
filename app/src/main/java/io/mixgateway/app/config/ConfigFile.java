package io.mixgateway.app.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads a file into {@link Settings}, or into another record tree of settings. */
public final class ConfigFile {
    /** Far above any real configuration. */
    private static final int MOST_BYTES = 4 << 20;

    private ConfigFile() {}

    /**
     * What one reading came to.
     *
     * @param source the file's name, for messages
     * @param settings counts only when {@code problems} has no errors
     */
    public record Read<T>(String source, T settings, Problems problems) {}

    /** Reads the file, if one is given, with the environment's overrides above it. */
    public static Read<Settings> read(Optional<Path> file, Map<String, String> environment) {
        var problems = new Problems();
        var text = file.flatMap(path -> textOf(path, problems)).orElse("");
        return read(Settings.class, text, file.map(Path::toString).orElse("configuration"), environment, problems);
    }

    /** Reads {@code text} as the file called {@code source}. */
    public static Read<Settings> read(String text, String source, Map<String, String> environment) {
        return read(Settings.class, text, source, environment, new Problems());
    }

    /** Reads a tree of settings that the environment does not touch, such as the presets. */
    public static <T> Read<T> readPlain(Class<T> type, String text, String source) {
        return read(type, text, source, Map.of(), new Problems());
    }

    /**
     * Reads a tree of settings that comes with the program: the resource {@code file} beside its class; empty where there
     * is none.
     *
     * @throws ConfigException when it cannot be used, which the tests of each such file would have found
     */
    public static <T> Optional<T> bundled(Class<T> type, String file) {
        try (var resource = type.getResourceAsStream(file)) {
            if (resource == null) {
                return Optional.empty();
            }
            var read = readPlain(type, new String(resource.readAllBytes(), StandardCharsets.UTF_8), file);
            read.problems().throwIfAny(file);
            return Optional.of(read.settings());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static <T> Read<T> read(
            Class<T> type, String text, String source, Map<String, String> environment, Problems problems) {
        Node document = YamlText.parse(text, problems);
        var overrides = new Overrides(type, environment, problems);
        var settings = new Binder(environment, overrides, problems).root(type, document);
        return new Read<>(source, settings, problems);
    }

    private static Optional<String> textOf(Path file, Problems problems) {
        try {
            if (!Files.exists(file)) {
                problems.error("", "there is no such file");
                return Optional.empty();
            }
            if (Files.size(file) > MOST_BYTES) {
                problems.error("", "larger than " + MOST_BYTES + " bytes");
                return Optional.empty();
            }
            var decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(Files.readAllBytes(file)));
            return Optional.of(decoded.toString());
        } catch (CharacterCodingException _) {
            problems.error("", "not UTF-8 text");
        } catch (IOException failed) {
            problems.error("", "cannot be read: " + failed.getClass().getSimpleName());
        }
        return Optional.empty();
    }
}
