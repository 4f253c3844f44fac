package io.mixgateway.conformance.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class LockFilesTest {
    @Test
    void lockFilesNameNoRegistry() throws IOException {
        assertThat(Files.readString(Path.of("src/test/node/package-lock.json"))).doesNotContain("://", "\"resolved\"");
        assertThat(Files.readString(Path.of("src/test/python/requirements.txt")))
                .doesNotContain("://", "--index-url");
    }

    @Test
    void pythonPackagesArePinned() throws IOException {
        try (var lines = Files.lines(Path.of("src/test/python/requirements.txt"))) {
            assertThat(lines.filter(line -> !line.startsWith("#"))).allMatch(line -> line.contains("=="));
        }
    }
}
