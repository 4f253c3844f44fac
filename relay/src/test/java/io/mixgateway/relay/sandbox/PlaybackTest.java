package io.mixgateway.relay.sandbox;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PlaybackTest {
    private static final String STREAMED =
            "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
    private static final long A_WHILE_MILLIS = 150;

    private static Vertx vertx;

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
        Heard.chat(vertx, "echo", STREAMED);
    }

    @AfterAll
    static void stop() {
        vertx.close().await();
    }

    private static Heard.Call start(String model) {
        return Heard.start(vertx, model, "/chat/completions", List.of(Buffer.buffer(STREAMED)));
    }

    private static void on(Heard.Call call, Runnable action) throws InterruptedException {
        var done = new CountDownLatch(1);
        call.heard().context().runOnContext(_ -> {
            action.run();
            done.countDown();
        });
        assertThat(done.await(5, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void nothingIsHeardBeforeSendReturns() throws InterruptedException {
        // Given
        var context = vertx.getOrCreateContext();
        var early = new AtomicBoolean();
        var done = new CountDownLatch(1);

        // When
        context.runOnContext(_ -> {
            var call = start("echo");
            early.set(call.heard().status() != 0);
            done.countDown();
        });

        // Then
        assertThat(done.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(early).isFalse();
    }

    @Test
    void aPausedStreamWaitsAndThenGoesOnWithoutLoss() throws InterruptedException {
        // Given
        var whole = Heard.chat(vertx, "long-2000", STREAMED).streamedText(0);
        var pieces = new AtomicInteger();
        var call = start("long-2000");
        call.heard().onBytes = () -> {
            if (pieces.incrementAndGet() == 3) {
                call.exchange().pause();
            }
        };

        // When
        await().atMost(5, TimeUnit.SECONDS).until(() -> pieces.get() >= 3);
        Thread.sleep(A_WHILE_MILLIS);
        int whilePaused = pieces.get();
        on(call, call.exchange()::resume);

        // Then
        assertThat(whilePaused).isEqualTo(3);
        assertThat(call.heard().untilOver().streamedText(0)).isEqualTo(whole);
    }

    @Test
    void pausingAndResumingAtEveryPieceLosesNothing() {
        var whole = Heard.chat(vertx, "long-500", STREAMED).streamedText(0);
        var call = start("long-500");
        call.heard().onBytes = () -> {
            call.exchange().pause();
            call.exchange().resume();
            call.exchange().pause();
            vertx.setTimer(1, _ -> call.exchange().resume());
        };

        assertThat(call.heard().untilOver().streamedText(0)).isEqualTo(whole);
    }

    @Test
    void nothingIsHeardAfterACancel() throws InterruptedException {
        // FAILURES 17
        // Given
        var call = start("slow-5");
        await().atMost(5, TimeUnit.SECONDS).until(() -> call.heard().bytes().length > 0);

        // When
        on(call, call.exchange()::cancel);
        int length = call.heard().bytes().length;
        Thread.sleep(A_WHILE_MILLIS);

        // Then
        assertThat(call.heard().bytes()).hasSize(length);
        assertThat(call.heard().isOver()).isFalse();
        on(call, call.exchange()::resume);
        on(call, call.exchange()::cancel);
    }

    @Test
    void aCancelBeforeAnythingSilencesIt() throws InterruptedException {
        var late = start("slow-first-token-10");
        on(late, late.exchange()::cancel);

        Thread.sleep(A_WHILE_MILLIS);

        assertThat(late.heard().bytes()).isEmpty();
        assertThat(late.heard().isOver()).isFalse();
    }

    @Test
    void slowWaitsBeforeEachToken() {
        long began = System.nanoTime();
        var heard = start("slow-10").heard().untilOver();
        long millis = MILLISECONDS.convert(System.nanoTime() - began, TimeUnit.NANOSECONDS);

        assertThat(heard.pieces).hasSameSizeAs(heard.events());
        assertThat(millis).isGreaterThanOrEqualTo(10L * heard.events().size());
    }

    @Test
    void theFirstTokenCanBeLateAndTheHeadIsNot() throws InterruptedException {
        // FAILURES 10, 14
        var call = start("slow-first-token-" + (A_WHILE_MILLIS * 4));

        Thread.sleep(A_WHILE_MILLIS);

        assertThat(call.heard().status()).isEqualTo(200);
        assertThat(call.heard().bytes()).isEmpty();
        assertThat(call.heard().untilOver().events().getLast()).isEqualTo("[DONE]");
    }

    @Test
    void manyStreamsAtOnceDoNotMix() {
        // FAILURES 23
        var calls = java.util.stream.IntStream.range(0, 300)
                .mapToObj(number -> Heard.start(
                        vertx,
                        "slow-1",
                        "/chat/completions",
                        List.of(Buffer.buffer(STREAMED.replace("Hello", "marker-" + number + "-")))))
                .toList();

        for (int number = 0; number < calls.size(); number++) {
            if (number % 3 == 0) {
                var call = calls.get(number);
                call.heard().context().runOnContext(_ -> call.exchange().cancel());
            } else {
                assertThat(calls.get(number).heard().untilOver().streamedText(0))
                        .startsWith("You said: marker-" + number + "-\n");
            }
        }
    }
}
