package io.mixgateway.app.trial;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM and a new start, again and again under load. `proof/trial terminate` runs it for two minutes. */
class TerminateIT {
    private static final int TIMES = Integer.getInteger("trial.terms", 2);
    private static final int EVERY_SECONDS = Integer.getInteger("trial.every", 5);
    private static final int CALLS_PER_SECOND = 50;

    @TempDir
    private Path folder;

    // FAILURES 48
    @Test
    void noRowIsLostAndStreamsFinishWhenTheProgramIsStoppedUnderLoad() throws Exception {
        try (var trial = new Trial(folder, CALLS_PER_SECOND, Optional.empty())) {
            trial.aim();
            int streams = 0;
            long longestMillis = 0;
            for (int i = 0; i < TIMES; i++) {
                long next =
                        System.nanoTime() + Duration.ofSeconds(EVERY_SECONDS).toNanos();
                Thread.sleep(Duration.ofNanos(Math.max(0, next - System.nanoTime())));
                streams += trial.load().openStreams();
                long start = System.nanoTime();
                assertThat(trial.terminate()).isZero();
                longestMillis = Math.max(longestMillis, (System.nanoTime() - start) / 1_000_000);
                trial.start();
            }
            Thread.sleep(1_000);
            trial.load().drain();
            assertThat(trial.terminate()).isZero();

            var audit = trial.audit();
            trial.report(
                    "SIGTERM " + TIMES + " times under " + CALLS_PER_SECOND + " calls a second",
                    "%d s of load before each. Streams under way at the signals: %d. Longest stop: %d ms.\n"
                            .formatted(EVERY_SECONDS, streams, longestMillis),
                    audit.table());
            assertThat(audit.exact()).as(audit.table()).isTrue();
            assertThat(audit.nothingLeft()).as(audit.table()).isTrue();
            assertThat(trial.load().seen())
                    .doesNotContainKey("200, cut, stream")
                    .doesNotContainKey("200, an error, stream");
            assertThat(audit.cutRows()).isZero();
        }
    }
}
