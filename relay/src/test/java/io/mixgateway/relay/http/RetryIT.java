package io.mixgateway.relay.http;

import static io.mixgateway.relay.http.RelayUnderTest.ASK;
import static io.mixgateway.relay.http.RelayUnderTest.ASK_STREAM;
import static io.mixgateway.relay.http.RelayUnderTest.SHORT;
import static io.mixgateway.relay.http.RelayUnderTest.priceOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.mixgateway.relay.call.Attempt;
import io.mixgateway.relay.call.Outcome;
import io.mixgateway.relay.money.Nanos;
import io.mixgateway.testkit.Answer;
import io.mixgateway.testkit.FakeUpstream;
import io.mixgateway.testkit.OpenAiChat;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** FAILURES 79 and 82: another endpoint is tried only when the first provably did not accept the call. */
class RetryIT {
    private static final OpenAiChat TEN = OpenAiChat.ofLength(10);
    private static final String BEST = ASK.replace("p0:m", "best");

    static Stream<Answer> notAccepted() {
        return Stream.of(Answer.tooManyRequests(7), Answer.error(503, "overloaded", "Try later."));
    }

    // FAILURES 79
    @ParameterizedTest
    @MethodSource("notAccepted")
    void triesTheNextWhenTheFirstDidNotAccept(Answer refusal) throws Exception {
        for (String ask : new String[] {BEST, ASK_STREAM.replace("p0:m", "best")}) {
            try (var first = FakeUpstream.start().always(refusal);
                    var second = FakeUpstream.answering(TEN.always());
                    var relay = RelayUnderTest.serving(first, second)) {
                var answer = relay.chat(ask);
                assertThat(answer.status()).as(answer.body()).isEqualTo(200);
                assertThat(answer.head().header("x-mixgateway-provider")).contains("p1");
                assertThat(first.requests()).hasSize(1);
                assertThat(second.requests()).hasSize(1);
                assertThat(second.onlyRequest().body())
                        .isEqualTo(first.onlyRequest().body());
                var generation = relay.generation();
                assertThat(generation.attempts()).extracting(Attempt::provider).containsExactly("p0", "p1");
                assertThat(generation.cost()).isEqualTo(priceOf(9, 10));
            }
        }
    }

    // FAILURES 79
    @Test
    void triesTheNextWhenTheFirstCannotBeReached() throws Exception {
        try (var second = FakeUpstream.answering(TEN.always());
                var relay = RelayUnderTest.before(second).behindADeadOne().start()) {
            assertThat(relay.chat(BEST).body()).isEqualTo(TEN.plainBody());
            assertThat(relay.generation().attempts())
                    .containsExactly(new Attempt("p0", 0, "connect_failed"), new Attempt("p1", 200, "completed"));
        }
        try (var deaf = FakeUpstream.thatNeverAccepts();
                var second = FakeUpstream.answering(TEN.always());
                var relay = RelayUnderTest.before(deaf, second).limits(SHORT).start()) {
            assertThat(relay.chat(BEST).body()).isEqualTo(TEN.plainBody());
        }
    }

    static Stream<Answer> perhapsAccepted() {
        return Stream.of(
                Answer.hangUp(false),
                Answer.hangUp(true),
                Answer.silence(),
                Answer.error(500, "server_error", "x"),
                Answer.error(502, "server_error", "x"),
                Answer.error(504, "server_error", "x"),
                Answer.garbage("nonsense\r\n\r\n".getBytes(StandardCharsets.UTF_8)),
                Answer.json(200, TEN.plainBody()).cutAt(30, true),
                Answer.sse(new byte[0]),
                Answer.error(400, "invalid", "x"));
    }

    // FAILURES 79: what may have been accepted is never sent twice
    @ParameterizedTest
    @MethodSource("perhapsAccepted")
    void triesNobodyElseWhenTheFirstMayHaveAccepted(Answer fault) throws Exception {
        try (var first = FakeUpstream.start().always(fault);
                var second = FakeUpstream.answering(TEN.always());
                var relay = RelayUnderTest.before(first, second).limits(SHORT).start()) {
            var answer = relay.chat(BEST);
            assertThat(answer.status()).isIn(400, 502, 504);
            assertThat(first.requests()).hasSize(1);
            assertThat(second.requests()).isEmpty();
            assertThat(relay.generation().cost()).isEqualTo(Nanos.ZERO);
            assertThat(relay.generation().attempts()).hasSize(1);
        }
    }

    // FAILURES 77, 79: the last refusal reaches the client with the time to wait
    @Test
    void passesTheWaitOnWhenNobodyAccepts() throws Exception {
        try (var first = FakeUpstream.start().always(Answer.tooManyRequests(30));
                var second = FakeUpstream.start().always(Answer.tooManyRequests(7));
                var relay = RelayUnderTest.serving(first, second)) {
            var answer = relay.chat(BEST);
            assertThat(answer.status()).isEqualTo(429);
            assertThat(answer.head().header("retry-after")).contains("7");
            assertThat(answer.body()).contains("\"rate_limited\"");
            assertThat(relay.generation().outcome()).isEqualTo(Outcome.UPSTREAM_ERROR);
            assertThat(relay.generation().cost()).isEqualTo(Nanos.ZERO);
        }
    }

    // FAILURES 82: connections that the provider closed while they were idle
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void neverUsesAConnectionThatThePeerHasClosed(boolean reset) throws Exception {
        try (var upstream = FakeUpstream.start().always(TEN.plain()).closesIdleAfter(Duration.ofMillis(30), reset);
                var relay = RelayUnderTest.serving(upstream)) {
            for (int i = 0; i < 8; i++) {
                var answer = relay.chat(ASK);
                assertThat(answer.status())
                        .as("call " + i + ": " + answer.body())
                        .isEqualTo(200);
                Thread.sleep(200);
            }
            assertThat(upstream.requests()).hasSize(8);
        }
    }

    // FAILURES 82: at the very moment of closing, a call may fail, and is never made twice
    @Test
    void makesEachCallOnceAtTheMomentOfClosing() throws Exception {
        try (var upstream = FakeUpstream.start().always(TEN.plain()).closesIdleAfter(Duration.ofMillis(20), false);
                var relay = RelayUnderTest.serving(upstream)) {
            for (int i = 0; i < 30; i++) {
                assertThat(relay.chat(ASK).status()).isIn(200, 502);
                Thread.sleep(19 + i % 3);
            }
            assertThat(upstream.requests()).hasSizeLessThanOrEqualTo(30);
            relay.settled(30);
        }
    }

    @Test
    void keepsConnectionsToAProviderOpen() throws Exception {
        try (var upstream = FakeUpstream.answering(TEN.always());
                var relay = RelayUnderTest.serving(upstream);
                var client = relay.client()) {
            for (int i = 0; i < 10; i++) {
                client.post(RelayUnderTest.CHAT, RelayUnderTest.BEARER, ASK_STREAM.getBytes(StandardCharsets.UTF_8))
                        .answer();
            }
            assertThat(upstream.accepted()).isEqualTo(1);
        }
    }
}
