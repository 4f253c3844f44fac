package io.mixgateway.relay.http;

import static io.mixgateway.relay.http.EndingsIT.endsInAnError;
import static io.mixgateway.relay.http.EndingsIT.refusedForFree;
import static io.mixgateway.relay.http.EndingsIT.upTo;
import static io.mixgateway.relay.http.RelayUnderTest.ASK;
import static io.mixgateway.relay.http.RelayUnderTest.ASK_STREAM;
import static io.mixgateway.relay.http.RelayUnderTest.BEARER;
import static io.mixgateway.relay.http.RelayUnderTest.CHAT;
import static io.mixgateway.relay.http.RelayUnderTest.SHORT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mixgateway.relay.call.Outcome;
import io.mixgateway.testkit.Answer;
import io.mixgateway.testkit.FakeUpstream;
import io.mixgateway.testkit.OpenAiChat;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** FAILURES 14: connect, first byte, idle and total are limits of their own, and slow is not dead. */
class DeadlinesIT {
    private static final OpenAiChat TEN = OpenAiChat.ofLength(10);
    /** Deadlines are kept to a tenth of a second on an idle machine; a busy one is not what is tested here. */
    private static final Duration MUCH_LATER = Duration.ofSeconds(8);

    // The first call of a process loads classes for longer than these deadlines.
    @BeforeAll
    static void callsOnce() throws Exception {
        try (var upstream = FakeUpstream.answering(
                        TEN.usageIn(OpenAiChat.UsageIn.NOWHERE).always());
                var relay = RelayUnderTest.serving(upstream)) {
            relay.chat(ASK_STREAM);
        }
    }

    // FAILURES 14a
    @Test
    void givesUpOnAProviderThatNeverAccepts() throws Exception {
        try (var deaf = FakeUpstream.thatNeverAccepts();
                var relay = RelayUnderTest.before(deaf).limits(SHORT).start()) {
            long began = System.nanoTime();
            var answer = relay.chat(ASK);
            assertThat(since(began)).isBetween(Duration.ofMillis(450), MUCH_LATER);
            refusedForFree(relay, answer, 502, "upstream_error", Outcome.UPSTREAM_ERROR);
        }
    }

    // FAILURES 14b
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void givesUpOnAProviderThatNeverAnswers(boolean stream) throws Exception {
        try (var silent = FakeUpstream.start().always(Answer.silence());
                var relay = RelayUnderTest.before(silent).limits(SHORT).start()) {
            long began = System.nanoTime();
            var answer = relay.chat(stream ? ASK_STREAM : ASK);
            assertThat(since(began)).isBetween(Duration.ofMillis(1_150), MUCH_LATER);
            refusedForFree(relay, answer, 504, "timeout", Outcome.UNKNOWN);
            assertThat(silent.onlyRequest().closedByPeer(Duration.ofSeconds(2))).isTrue();
            assertThat(relay.meters.get("mixgateway.unknown.outcomes").counter().count())
                    .isEqualTo(1);
        }
    }

    // FAILURES 14b: headers alone are not an answer
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void givesUpOnAProviderThatSendsHeadersOnly(boolean stream) throws Exception {
        var head = stream ? TEN.streamed(false) : TEN.plain();
        try (var silent = FakeUpstream.start().always(head.stallsAt(0));
                var relay = RelayUnderTest.before(silent).limits(SHORT).start()) {
            refusedForFree(relay, relay.chat(stream ? ASK_STREAM : ASK), 504, "timeout", Outcome.UNKNOWN);
            assertThat(silent.onlyRequest().closedByPeer(Duration.ofSeconds(2))).isTrue();
        }
    }

    // FAILURES 14c
    @Test
    void givesUpOnAStreamThatFallsSilent() throws Exception {
        try (var upstream = FakeUpstream.start().always(TEN.eventByEvent(false).stallsAt(upTo(TEN, 3)));
                var relay = RelayUnderTest.before(upstream).limits(SHORT).start()) {
            long began = System.nanoTime();
            var answer = relay.chat(ASK_STREAM);
            assertThat(since(began)).isBetween(Duration.ofMillis(950), MUCH_LATER);
            endsInAnError(answer, "timeout");
            EndingsIT.chargedForWhatWasDelivered(relay.generation(), Outcome.TRUNCATED);
            assertThat(upstream.onlyRequest().closedByPeer(Duration.ofSeconds(2)))
                    .isTrue();
        }
    }

    // FAILURES 14c, 46, without a stream: what the provider did is not known, and free
    @Test
    void givesUpOnAPlainAnswerThatFallsSilent() throws Exception {
        try (var upstream = FakeUpstream.start().always(TEN.plain().stallsAt(50));
                var relay = RelayUnderTest.before(upstream).limits(SHORT).start()) {
            refusedForFree(relay, relay.chat(ASK), 504, "timeout", Outcome.UNKNOWN);
            assertThat(upstream.onlyRequest().closedByPeer(Duration.ofSeconds(2)))
                    .isTrue();
        }
    }

    // FAILURES 14d: longer than first byte and idle together, yet never silent for long
    @Test
    void letsASlowStreamLive() throws Exception {
        var chat = OpenAiChat.ofLength(5);
        try (var upstream =
                        FakeUpstream.start().always(chat.eventByEvent(false).everyPieceAfter(Duration.ofMillis(300)));
                var relay = RelayUnderTest.before(upstream).limits(SHORT).start()) {
            assertThat(relay.chat(ASK_STREAM).body()).isEqualTo(new String(chat.stream(false), UTF_8));
            assertThat(relay.generation().outcome()).isEqualTo(Outcome.COMPLETED);
        }
    }

    // FAILURES 14: the total is the last word
    @Test
    void endsWhatTakesTooLongInAll() throws Exception {
        try (var upstream = FakeUpstream.start()
                        .always(OpenAiChat.ofLength(100).eventByEvent(false).everyPieceAfter(Duration.ofMillis(100)));
                var relay = RelayUnderTest.before(upstream).limits(SHORT).start()) {
            long began = System.nanoTime();
            var answer = relay.chat(ASK_STREAM);
            assertThat(since(began)).isBetween(Duration.ofMillis(3_900), MUCH_LATER);
            endsInAnError(answer, "timeout");
            assertThat(relay.generation().outcome()).isEqualTo(Outcome.TRUNCATED);
            assertThat(relay.generation().usage().output()).isGreaterThan(10);
        }
    }

    // FAILURES 14e
    @Test
    void givesUpOnAProviderThatStopsReading() throws Exception {
        var big = ASK.replace("Hello", "Hello ".repeat(1_000_000));
        try (var upstream = FakeUpstream.start().readsBodyOnlyTo(1000);
                var relay = RelayUnderTest.before(upstream).limits(SHORT).start()) {
            refusedForFree(relay, relay.chat(big), 504, "timeout", Outcome.UNKNOWN);
        }
    }

    // FAILURES 22: a client that begins a request and never ends it
    @Test
    void givesUpOnAClientThatStopsSending() throws Exception {
        try (var upstream = FakeUpstream.start();
                var relay = RelayUnderTest.before(upstream).limits(SHORT).start();
                var client = relay.client()) {
            client.send(
                    "POST " + CHAT + " HTTP/1.1\r\nHost: x\r\n" + BEARER + "Content-Length: 1000\r\n\r\n{\"model\"");
            assertThat(client.isClosedWithin(Duration.ofSeconds(8))).isTrue();
            assertThat(upstream.requests()).isEmpty();
            assertThat(relay.credit.asked()).isZero();
        }
    }

    static Duration since(long began) {
        return Duration.ofNanos(System.nanoTime() - began);
    }
}
