package io.mixgateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The run that the cache for fast starts is made from must go well, or every start is slow and nothing else tells. */
class TrainIT {
    @TempDir
    Path folder;

    @Test
    void goesWellOnAnEmptyFolder() {
        try (var training = GatewayProcess.start(Map.of(), List.of("train", "--data", folder.toString()))) {
            assertThat(training.status()).as(training.log()).isZero();
        }
    }
}
