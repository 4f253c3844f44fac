package io.mixgateway.conformance.openai;

import static io.mixgateway.conformance.openai.Clients.GATEWAY;
import static org.assertj.core.api.Assertions.assertThat;

import io.mixgateway.conformance.OutsideProgram;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The example of the documentation, run from its source file. */
class ExampleIT {
    @Test
    void exampleWorks() {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        var example = GATEWAY.examples().resolve("Quickstart.java").toString();

        var ended = OutsideProgram.run(
                Path.of("target"),
                GATEWAY.environment(),
                Duration.ofMinutes(5),
                List.of(java, "-XX:TieredStopAtLevel=1", "-cp", classPath, example));

        assertThat(ended.output()).contains("Hello, MixGateway!");
        assertThat(ended.exit()).isZero();
    }
}
