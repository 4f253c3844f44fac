package io.mixgateway.app.privacy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What the program is built from, as text: the main sources of the modules that make it. */
final class Sources {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final List<String> MODULES = List.of("relay", "platform", "web", "app");

    private Sources() {}

    /** By path below the root; files that are no text left out. */
    static Map<String, String> ofProgram(String... endings) {
        var found = new TreeMap<String, String>();
        for (String module : MODULES) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main"))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    if (Stream.of(endings).anyMatch(file.toString()::endsWith)) {
                        found.put(ROOT.relativize(file).toString(), Files.readString(file));
                    }
                }
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        }
        return found;
    }

    /** A file by its path below the root. */
    static String file(String path) {
        try {
            return Files.readString(ROOT.resolve(path));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    static Path docs() {
        return ROOT.resolve("docs");
    }
}
