package io.mixgateway.relay.sandbox;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
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
        return Heard.start(vertx, model, "/chat/completions", Buffer.buffer(STREAMED));
    }

    /** Starts on the event loop, so that {@code first} is done before anything is heard. */
    private static Heard.Call start(String model, Consumer<Heard.Call> first) {
        var started = new CompletableFuture<Heard.Call>();
        vertx.getOrCreateContext().runOnContext(_ -> {
            var call = start(model);
            first.accept(call);
            started.complete(call);
        });
        return started.orTimeout(20, TimeUnit.SECONDS).join();
    }

    private static void on(Heard.Call call, Runnable action) throws InterruptedException {
        var done = new CountDownLatch(1);
        call.heard().context().runOnContext(_ -> {
            action.run();
            done.countDown();
        });
        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void nothingIsHeardBeforeSendReturns() {
        var early = new AtomicBoolean();

        start("echo", started -> early.set(started.heard().status() != 0))
                .heard()
                .untilOver();

        assertThat(early).isFalse();
    }

    @Test
    void aPausedStreamWaitsAndThenGoesOnWithoutLoss() throws InterruptedException {
        // Given
        var whole = Heard.chat(vertx, "long-2000", STREAMED).streamedText(0);
        var pieces = new AtomicInteger();
        var call = start(
                "long-2000",
                started -> started.heard().onBytes = () -> {
                    if (pieces.incrementAndGet() == 3) {
                        started.exchange().pause();
                    }
                });

        // When
        await().atMost(20, TimeUnit.SECONDS).until(() -> pieces.get() >= 3);
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
        var call = start(
                "long-500",
                started -> started.heard().onBytes = () -> {
                    started.exchange().pause();
                    started.exchange().resume();
                    started.exchange().pause();
                    vertx.setTimer(1, _ -> started.exchange().resume());
                });

        assertThat(call.heard().untilOver().streamedText(0)).isEqualTo(whole);
    }

    @Test
    void nothingIsHeardAfterACancel() throws InterruptedException {
        // FAILURES 17
        // Given
        var pieces = new AtomicInteger();
        var call = start(
                "slow-5",
                started -> started.heard().onBytes = () -> {
                    if (pieces.incrementAndGet() == 3) {
                        started.exchange().cancel();
                    }
                });

        // When
        await().atMost(20, TimeUnit.SECONDS).until(() -> pieces.get() == 3);
        Thread.sleep(A_WHILE_MILLIS);
        on(call, call.exchange()::resume);
        on(call, call.exchange()::cancel);

        // Then
        assertThat(pieces).hasValue(3);
        assertThat(call.heard().isOver()).isFalse();
    }

    @Test
    void aCancelStopsTheTimerThatIsRunning() throws InterruptedException {
        // FAILURES 17
        var cancelled = new AtomicBoolean();
        // One turn after the head the timer of the first token is set.
        var call = start(
                "slow-first-token-50",
                started ->
                        started.heard().onHead = () -> started.heard().context().runOnContext(_ -> {
                            started.exchange().cancel();
                            cancelled.set(true);
                        }));

        await().atMost(20, TimeUnit.SECONDS).untilTrue(cancelled);
        Thread.sleep(A_WHILE_MILLIS);

        assertThat(call.heard().bytes()).isEmpty();
        assertThat(call.heard().isOver()).isFalse();
    }

    @Test
    void aCancelInTheSameTurnSilencesAll() throws InterruptedException {
        var call = start("echo", started -> started.exchange().cancel());

        Thread.sleep(A_WHILE_MILLIS);

        assertThat(call.heard().status()).isZero();
        assertThat(call.heard().isOver()).isFalse();
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
    void theFirstTokenCanBeLateAndTheHeadIsNot() {
        // FAILURES 10, 14
        var headAt = new AtomicLong();
        var firstAt = new AtomicLong();
        var call = start("slow-first-token-300", started -> {
            started.heard().onHead = () -> headAt.set(System.nanoTime());
            started.heard().onBytes = () -> firstAt.compareAndSet(0, System.nanoTime());
        });

        assertThat(call.heard().untilOver().events().getLast()).isEqualTo("[DONE]");
        assertThat(firstAt.get() - headAt.get()).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(290));
    }

    @Test
    void manyStreamsAtOnceDoNotMix() {
        // FAILURES 23
        var calls = java.util.stream.IntStream.range(0, 300)
                .mapToObj(number -> Heard.start(
                        vertx,
                        "slow-1",
                        "/chat/completions",
                        Buffer.buffer(STREAMED.replace("Hello", "marker-" + number + "-"))))
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
