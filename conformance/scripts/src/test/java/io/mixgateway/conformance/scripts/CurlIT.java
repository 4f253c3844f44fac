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
}
