package io.mixgateway.conformance.scripts;

import static io.mixgateway.conformance.scripts.Runtimes.passes;
import static org.assertj.core.api.Assertions.assertThat;

import io.mixgateway.conformance.ConformanceGateway;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The first call of the documentation. */
class CurlIT {
    @Test
    void exampleWorks() {
        Runtimes.need("curl", 7, 76);
        var example = ConformanceGateway.shared().examples().resolve("quickstart.sh");

        var told = passes(Path.of("target"), "sh", example.toString());

        assertThat(told).contains("data: {", "data: [DONE]");
    }

    @Test
    void whatThePagesShowWorks() {
        Runtimes.need("curl", 7, 76);
        var first = PageSnippets.write("quick-start", "first-curl", Path.of("target/page-first.sh"));
        var stream = PageSnippets.write("streaming", "stream-curl", Path.of("target/page-stream.sh"));

        assertThat(passes(Path.of("target"), "sh", first.toAbsolutePath().toString()))
                .contains("You said: Hello!");
        assertThat(passes(Path.of("target"), "sh", stream.toAbsolutePath().toString()))
                .contains("data: [DONE]");
    }

    @Test
    void theJavaThatThePagesShowWorks() {
        var file = PageSnippets.write("quick-start", "first-java", Path.of("target/page/FirstCall.java"));
        var java = Path.of(System.getProperty("java.home"), "bin/java").toString();

        assertThat(passes(Path.of("target"), java, file.toAbsolutePath().toString()))
                .contains("You said: Hello!");
    }
}
