package io.mixgateway.web.operations;

import static org.assertj.core.api.Assertions.assertThat;

import io.mixgateway.web.Answer;
import io.mixgateway.web.Asked;
import io.mixgateway.web.Seen;
import io.mixgateway.web.operations.Probe.Health;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OperationsTest {
    private final AtomicBoolean draining = new AtomicBoolean();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void isReadyWhileEveryRequiredProbeIsWell() {
        var operations = new Operations(
                List.of(
                        new Probe("database", true, () -> new Health(true, "answers")),
                        new Probe("configuration", false, () -> new Health(false, "the file has an error"))),
                draining::get,
                () -> "",
                () -> now);

        var answer = ask(operations, "/readyz");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().toString()).contains("the file has an error");
    }

    @Test
    void aProbeThatThrowsCountsAsFailingAndTellsNothing() {
        var operations = new Operations(
                List.of(new Probe("database", true, () -> {
                    throw new IllegalStateException("password=hunter2");
                })),
                draining::get,
                () -> "",
                () -> now);

        var answer = ask(operations, "/readyz");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.body().toString()).doesNotContain("hunter2");
    }

    @Test
    void whoDrainsIsAliveAndNotReady() {
        var operations = new Operations(List.of(), draining::get, () -> "", () -> now);

        draining.set(true);

        assertThat(ask(operations, "/readyz").status()).isEqualTo(503);
        assertThat(ask(operations, "/livez").status()).isEqualTo(200);
    }

    @Test
    void probesRunAtMostOnceASecondHoweverOftenOneAsks() {
        var probed = new AtomicInteger();
        var operations = new Operations(
                List.of(new Probe("database", true, () -> new Health(true, "asked " + probed.incrementAndGet()))),
                draining::get,
                () -> "",
                () -> now);

        ask(operations, "/readyz");
        ask(operations, "/readyz");
        now = now.plusSeconds(2);
        ask(operations, "/readyz");

        assertThat(probed).hasValue(2);
    }

    @Test
    void aProbeThatDoesNotAnswerHoldsNobodyUpAndIsAskedOnce() {
        var asked = new AtomicInteger();
        var gate = new CountDownLatch(1);
        var operations = new Operations(
                List.of(new Probe("database", false, () -> {
                    asked.incrementAndGet();
                    try {
                        gate.await();
                    } catch (InterruptedException _) {
                        Thread.currentThread().interrupt();
                    }
                    return new Health(true, "late");
                })),
                draining::get,
                () -> "",
                () -> now);

        for (int i = 0; i < 3; i++) {
            var answer = ask(operations, "/readyz");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body().toString()).contains("does not answer").doesNotContain("late");
            now = now.plusSeconds(2);
        }
        assertThat(asked).hasValue(1);
        gate.countDown();
    }

    private static Answer ask(Operations operations, String path) {
        return operations.routes().stream()
                .filter(route -> route.path().equals(path))
                .findFirst()
                .orElseThrow()
                .answerer()
                .answer(new Asked(Optional.empty(), Map.of(), Map.of(), Map.of(), Seen.get("/"), Optional.empty()));
    }
}
