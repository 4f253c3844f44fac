package io.mixgateway.conformance.scripts;

import static io.mixgateway.conformance.scripts.Runtimes.copy;
import static io.mixgateway.conformance.scripts.Runtimes.passes;
import static org.assertj.core.api.Assertions.assertThat;

import io.mixgateway.conformance.ConformanceGateway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** npm's {@code openai} and Vercel's AI SDK. What each checks is in {@code src/test/node}. */
class NodeIT {
    private static final Path FOLDER = Path.of("target/node").toAbsolutePath();

    @BeforeAll
    static void install() throws IOException {
        Runtimes.need("node", 20, 0);
        Runtimes.need("npm", 9, 0);
        try (var files = Files.list(Path.of("src/test/node"))) {
            for (Path file : files.toList()) {
                copy(file, FOLDER);
            }
        }
        copy(ConformanceGateway.shared().examples().resolve("quickstart.mjs"), FOLDER);
        Runtimes.install(
                FOLDER,
                FOLDER.resolve("package-lock.json"),
                List.of(List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")));
    }

    @Test
    void openAisSdkWorks() {
        passes(FOLDER, "node", "--test", "openai.test.mjs");
    }

    @Test
    void vercelsAiSdkWorks() {
        passes(FOLDER, "node", "--no-deprecation", "--test", "ai-sdk.test.mjs");
    }

    @Test
    void exampleWorks() {
        assertThat(passes(FOLDER, "node", "quickstart.mjs")).contains("Hello, MixGateway!");
    }

    @Test
    void whatThePagesShowWorks() {
        PageSnippets.write("quick-start", "first-node", FOLDER.resolve("page-first.mjs"));
        PageSnippets.write("streaming", "stream-node", FOLDER.resolve("page-stream.mjs"));

        assertThat(passes(FOLDER, "node", "page-first.mjs")).contains("You said: Hello!");
        assertThat(passes(FOLDER, "node", "page-stream.mjs")).contains("You said: Hello!");
    }
}
