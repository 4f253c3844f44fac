package io.mixgateway.conformance.scripts;

import static io.mixgateway.conformance.scripts.Runtimes.passes;
import static org.assertj.core.api.Assertions.assertThat;

import io.mixgateway.conformance.ConformanceGateway;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** PyPI's {@code openai}. What it checks is in {@code src/test/python}. */
class PythonIT {
    private static final Path FOLDER = Path.of("target/python").toAbsolutePath();
    private static final Path SOURCES = Path.of("src/test/python").toAbsolutePath();
    private static final String PYTHON = FOLDER.resolve("bin/python").toString();

    @BeforeAll
    static void install() throws IOException {
        Runtimes.need("python3", 3, 11);
        var lock = SOURCES.resolve("requirements.txt");
        Runtimes.install(
                FOLDER,
                lock,
                List.of(
                        List.of("python3", "-m", "venv", FOLDER.toString()),
                        List.of(PYTHON, "-m", "pip", "install", "--quiet", "--requirement", lock.toString())));
    }

    @Test
    void openAisSdkWorks() {
        passes(FOLDER, PYTHON, "-B", SOURCES.resolve("test_openai.py").toString());
    }

    @Test
    void exampleWorks() {
        var example = ConformanceGateway.shared().examples().resolve("quickstart.py");

        assertThat(passes(FOLDER, PYTHON, "-B", example.toString())).contains("Hello, MixGateway!");
    }

    @Test
    void whatThePagesShowWorks() {
        var first = PageSnippets.write("quick-start", "first-python", FOLDER.resolve("page_first.py"));
        var stream = PageSnippets.write("streaming", "stream-python", FOLDER.resolve("page_stream.py"));

        assertThat(passes(FOLDER, PYTHON, "-B", first.toString())).contains("You said: Hello!");
        assertThat(passes(FOLDER, PYTHON, "-B", stream.toString())).contains("You said: Hello!");
    }
}
