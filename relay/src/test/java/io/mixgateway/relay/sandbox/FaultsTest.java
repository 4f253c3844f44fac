package io.mixgateway.relay.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.mixgateway.relay.upstream.UpstreamFailure;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FaultsTest {
    private static final String PLAIN = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi 🦄\"}]}";
    private static final String STREAMED = PLAIN.replaceFirst("}$", ",\"stream\":true}");
    private static final long A_WHILE_MILLIS = 200;

    private static Vertx vertx;

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stop() {
        vertx.close().await();
    }

    private static Heard afterAWhile(String model, String body) throws InterruptedException {
        var call = Heard.start(vertx, model, "/chat/completions", Buffer.buffer(body));
        Thread.sleep(A_WHILE_MILLIS);
        call.heard().context().runOnContext(_ -> call.exchange().cancel());
        return call.heard();
    }

    @Test
    void tooManyRequestsSaysWhenToComeBack() {
        // Even a malformed request gets the fault.
        var heard = Heard.chat(vertx, "error-429", "{}");

        assertThat(heard.status()).isEqualTo(429);
        assertThat(heard.headers().get("retry-after")).isEqualTo("1");
        assertThat(heard.json().at("/error/code").asString()).isEqualTo("rate_limit_exceeded");
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 503})
    void refusesWithTheStatusInItsName(int status) {
        var heard = Heard.chat(vertx, "error-" + status, STREAMED);

        assertThat(heard.status()).isEqualTo(status);
        assertThat(heard.json().at("/error/message").asString()).isNotEmpty();
    }

    @Test
    void stallsAfterHeaders() throws InterruptedException {
        // FAILURES 14
        var heard = afterAWhile("stall", STREAMED);

        assertThat(heard.status()).isEqualTo(200);
        assertThat(heard.bytes()).isEmpty();
        assertThat(heard.isOver()).isFalse();
    }

    @Test
    void stallsBeforeHeaders() throws InterruptedException {
        // FAILURES 14
        var heard = afterAWhile("stall-before-headers", STREAMED);

        assertThat(heard.status()).isZero();
        assertThat(heard.isOver()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 120, 700, 1_000_000})
    void cutsAfterExactlySoManyBytes(int bytes) {
        // FAILURES 11: also a body that is whole ends in a break
        for (String body : List.of(PLAIN, STREAMED)) {
            var cut = Heard.chat(vertx, "cut-" + bytes, body);
            var whole = Heard.chat(vertx, "echo", body);

            assertThat(cut.status()).isEqualTo(200);
            assertThat(cut.failure()).map(UpstreamFailure::kind).contains(UpstreamFailure.Kind.BROKEN);
            assertThat(cut.ended()).isFalse();
            if (bytes <= 700) {
                assertThat(cut.bytes()).hasSize(bytes);
            } else {
                assertThat(cut.bytes().length).isGreaterThanOrEqualTo(whole.bytes().length);
            }
        }
    }

    @Test
    void failsInTheStream() {
        // FAILURES 12
        var heard = Heard.chat(vertx, "error-in-stream", STREAMED);

        assertThat(heard.status()).isEqualTo(200);
        assertThat(heard.events()).hasSize(4).doesNotContain("[DONE]");
        assertThat(heard.chunks().getLast().at("/error/type").asString()).isEqualTo("server_error");
        assertThat(heard.ended()).isTrue();
    }

    @Test
    void failsIn200() {
        // FAILURES 20
        for (String body : List.of(PLAIN, STREAMED)) {
            var heard = Heard.chat(vertx, "error-in-200", body);

            assertThat(heard.status()).isEqualTo(200);
            assertThat(heard.json().at("/error/message").asString()).isNotEmpty();
        }
    }

    @Test
    void staysEmpty() {
        // FAILURES 13
        var heard = Heard.chat(vertx, "empty", STREAMED);

        assertThat(heard.status()).isEqualTo(200);
        assertThat(heard.headers().get("content-type")).startsWith("text/event-stream");
        assertThat(heard.bytes()).isEmpty();
        assertThat(heard.ended()).isTrue();
    }

    @Test
    void hidesUsageAskedOrNot() {
        // FAILURES 1
        var asked = STREAMED.replaceFirst("}$", ",\"stream_options\":{\"include_usage\":true}}");

        assertThat(Heard.chat(vertx, "no-usage", asked).text()).doesNotContain("\"usage\"");
        assertThat(Heard.chat(vertx, "no-usage", PLAIN).text()).doesNotContain("\"usage\"");
    }

    @Test
    void runsUsageUpToTheWholeCount() {
        var plain = Heard.chat(vertx, "running-usage", PLAIN).json();
        var heard = Heard.chat(vertx, "running-usage", STREAMED);

        long before = -1;
        for (var chunk : heard.chunks()) {
            long now = chunk.at("/usage/completion_tokens").asLong(-1);
            assertThat(now).isGreaterThanOrEqualTo(Math.max(0, before));
            before = now;
        }
        assertThat(heard.chunks().getLast().path("usage")).isEqualTo(plain.path("usage"));
    }

    @Test
    void faultsServeEmbeddingsToo() {
        var heard = Heard.whole(vertx, "cut-10", "/embeddings", "{\"model\":\"m\",\"input\":\"x\"}");

        assertThat(heard.bytes()).hasSize(10);
        assertThat(heard.failure()).isPresent();
    }
}
