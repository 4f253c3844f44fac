package io.mixgateway.relay.http;

import static io.mixgateway.relay.http.RelayUnderTest.ASK;
import static io.mixgateway.relay.http.RelayUnderTest.ASK_STREAM;
import static io.mixgateway.relay.http.RelayUnderTest.priceOf;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mixgateway.relay.call.Generation;
import io.mixgateway.relay.call.Outcome;
import io.mixgateway.relay.meter.UsageSource;
import io.mixgateway.relay.money.Nanos;
import io.mixgateway.testkit.Answer;
import io.mixgateway.testkit.FakeUpstream;
import io.mixgateway.testkit.OpenAiChat;
import io.mixgateway.testkit.OpenAiChat.UsageIn;
import io.mixgateway.testkit.RawClient;
import io.mixgateway.testkit.Sse;
import io.mixgateway.testkit.SseText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An answer that broke off never looks finished, what broke before it began is free, and each call is settled once. */
class EndingsIT {
    private static final JsonMapper JSON = new JsonMapper();
    private static final OpenAiChat TEN = OpenAiChat.ofLength(10);

    // FAILURES 11: cut after two words
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void saysSoInTheStreamWhenTheProviderBreaksOff(boolean reset) throws Exception {
        int after = upTo(TEN, 3);
        try (var upstream = FakeUpstream.start()
                        .always(TEN.eventByEvent(false)
                                .pausesAt(after, Duration.ofMillis(100))
                                .cutAt(after, reset));
                var relay = RelayUnderTest.serving(upstream)) {
            // When
            var answer = relay.chat(ASK_STREAM);
            // Then
            endsInAnError(answer, "upstream_error");
            assertThat(answer.body()).contains("w1 ").doesNotContain("w2 ").doesNotContain("\"stop\"");
            chargedForWhatWasDelivered(relay.generation(), Outcome.TRUNCATED);
        }
    }

    // FAILURES 11: a break inside an event; nothing of ours may land in the middle of it
    @Test
    void sendsNoHalfEventBeforeItsOwn() throws Exception {
        var stream = TEN.stream(false);
        for (int back : new int[] {1, 2, 5, 40}) {
            int at = upTo(TEN, 4) - back;
            var half = Answer.sse(stream).pausesAt(at, Duration.ofMillis(50)).cutAt(at, false);
            for (Answer answer : List.of(half, half.untilClose())) {
                try (var upstream = FakeUpstream.start().always(answer);
                        var relay = RelayUnderTest.serving(upstream)) {
                    endsInAnError(relay.chat(ASK_STREAM), "upstream_error");
                    chargedForWhatWasDelivered(relay.generation(), Outcome.TRUNCATED);
                }
            }
        }
    }

    // FAILURES 11: whole but for [DONE] and the last blank line
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void completesAnAnswerThatLacksOnlyItsFormalEnd(boolean untilClose) throws Exception {
        var chat = TEN.withoutDone().usageIn(UsageIn.FINISH_CHUNK_ALWAYS);
        var whole = Answer.sse(SseText.UNFINISHED.of(chat.events(true)));
        try (var upstream = FakeUpstream.start().always(untilClose ? whole.untilClose() : whole);
                var relay = RelayUnderTest.serving(upstream)) {
            var answer = relay.chat(ASK_STREAM);
            assertThat(Sse.read(answer.body()).unfinished()).isFalse();
            assertThat(Sse.read(answer.body()).data())
                    .isEqualTo(chat.usageIn(UsageIn.NOWHERE).events(false));
            assertThat(relay.generation().outcome()).isEqualTo(Outcome.COMPLETED);
            assertThat(relay.generation().cost()).isEqualTo(priceOf(9, 10));
        }
    }

    // FAILURES 12, 20: the provider's error in a stream is said in our words and never charged as output
    @Test
    void endsAStreamInWhichTheProviderFails() throws Exception {
        var events = new ArrayList<>(TEN.events(false).subList(0, 4));
        events.add("{\"error\":{\"message\":\"canary: worker 10.0.0.7 ran out of memory " + "very ".repeat(500)
                + "badly\",\"type\":\"server_error\",\"code\":null}}");
        try (var upstream = FakeUpstream.start()
                        .always(Answer.sse(SseText.PLAIN.of(events)).cutEvery(500));
                var relay = RelayUnderTest.serving(upstream)) {
            var answer = relay.chat(ASK_STREAM);
            endsInAnError(answer, "upstream_error");
            assertThat(answer.body()).contains("w2 ").doesNotContain("canary").doesNotContain("10.0.0.7");
            chargedForWhatWasDelivered(relay.generation(), Outcome.TRUNCATED);
        }
    }

    // FAILURES 12, 20: an error as the first thing in a stream
    @Test
    void refusesWhatFailedAtOnceInAStream() throws Exception {
        var stream = SseText.PLAIN.of(List.of("{\"error\":{\"message\":\"canary\",\"code\":500}}", "[DONE]"));
        try (var upstream = FakeUpstream.start().always(Answer.sse(stream));
                var relay = RelayUnderTest.serving(upstream)) {
            refusedForFree(relay, relay.chat(ASK_STREAM), 502, "upstream_error", Outcome.UPSTREAM_ERROR);
        }
    }

    // some servers say the whole request back in what they complain of
    @Test
    void passesALongComplaintOnWhole() throws Exception {
        var complaint = "{\"error\":{\"message\":\"" + "too much of this: ".repeat(40_000) + "\"}}";
        try (var upstream = FakeUpstream.start().always(Answer.json(400, complaint));
                var relay = RelayUnderTest.serving(upstream)) {
            var answer = relay.chat(ASK);
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).isEqualTo(complaint);
        }
    }

    @Test
    void saysItselfWhatIsTooLongToPassOn() throws Exception {
        var complaint = "{\"error\":{\"message\":\"" + "canary ".repeat(400_000) + "\"}}";
        try (var upstream = FakeUpstream.start().always(Answer.json(422, complaint));
                var relay = RelayUnderTest.serving(upstream)) {
            var answer = relay.chat(ASK);
            refusedForFree(relay, answer, 400, "invalid_request", Outcome.REJECTED);
            assertThat(answer.body()).contains("(422)").doesNotContain("canary");
        }
    }

    // FAILURES 13
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ": hello\n\n",
                "\n\n",
                "data: [DONE]\n\n",
                "data: {\"detail\":\"overloaded\"}\n\n",
                "data: {\"code\":1302,\"msg\":\"rate limit\"}\n\ndata: [DONE]\n\n"
            })
    void refusesAStreamThatSaysNothing(String body) throws Exception {
        for (boolean untilClose : new boolean[] {false, true}) {
            var nothing = Answer.sse(body.getBytes(UTF_8));
            try (var upstream = FakeUpstream.start().always(untilClose ? nothing.untilClose() : nothing);
                    var relay = RelayUnderTest.serving(upstream);
                    var client = relay.open(ASK_STREAM)) {
                var answer = client.answer();
                if (answer.status() == 200) { // a comment or unknown words may have opened the stream
                    endsInAnError(answer, "upstream_error");
                } else {
                    assertThat(answer.status()).isEqualTo(502);
                }
                assertThat(relay.generation().outcome()).isEqualTo(Outcome.UPSTREAM_ERROR);
                assertThat(relay.generation().cost()).isEqualTo(Nanos.ZERO);
            }
        }
    }

    // FAILURES 20: error text inside a 200 is never output
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":{\"message\":\"canary\",\"type\":\"server_error\"}}",
                "{\"error\":\"canary\"}",
                "{\"object\":\"error\",\"message\":\"canary\",\"code\":50001}",
                "<html><body>canary</body></html>",
                "",
                "null",
                "{}",
                "{\"detail\":\"overloaded\"}",
                "{\"code\":1302,\"msg\":\"rate limit reached\",\"success\":false}",
                "{\"choices\":null,\"usage\":{\"total_tokens\":0},\"base_resp\":{\"status_code\":1002,\"status_msg\":\"rate limit\"}}",
                "{\"errors\":[{\"message\":\"busy\",\"code\":3040}],\"success\":false,\"result\":{}}",
            })
    void refusesAnErrorThatCameWithStatus200(String body) throws Exception {
        try (var upstream = FakeUpstream.start().always(Answer.json(200, body));
                var relay = RelayUnderTest.serving(upstream)) {
            refusedForFree(relay, relay.chat(ASK), 502, "upstream_error", Outcome.UPSTREAM_ERROR);
        }
    }

    // FAILURES 11: a plain answer cut before its end
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void refusesAPlainAnswerThatBrokeOff(boolean reset) throws Exception {
        for (Answer answer : List.of(TEN.plain(), TEN.plain().chunked())) {
            try (var upstream = FakeUpstream.start().always(answer.cutAt(60, reset));
                    var relay = RelayUnderTest.serving(upstream)) {
                refusedForFree(relay, relay.chat(ASK), 502, "upstream_error", Outcome.UPSTREAM_ERROR);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"SSH-2.0-OpenSSH_9.6\r\n", "HTTP/1.1 abc\r\n\r\n", "HTTP/9.9 200 OK\r\n\r\n{}", "\r\n\r\n\r\n"})
    void refusesWhatIsNotHttp(String garbage) throws Exception {
        try (var upstream = FakeUpstream.start().always(Answer.garbage(garbage.getBytes(UTF_8)));
                var relay = RelayUnderTest.serving(upstream)) {
            refusedForFree(relay, relay.chat(ASK), 502, "upstream_error", Outcome.UPSTREAM_ERROR);
        }
    }

    // Policy table: the provider found the request wrong. Its words reach the client, free of charge.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void passesOnWhatTheProviderFoundWrong(boolean stream) throws Exception {
        var error = Answer.error(400, "invalid_value", "messages[0].content is too long");
        try (var upstream = FakeUpstream.start().always(error);
                var relay = RelayUnderTest.serving(upstream)) {
            var answer = relay.chat(stream ? ASK_STREAM : ASK);
            assertThat(answer.body()).isEqualTo(error.bodyText());
            assertThat(answer.status()).isEqualTo(400);
            assertThat(relay.generation().outcome()).isEqualTo(Outcome.REJECTED);
            assertThat(relay.generation().cost()).isEqualTo(Nanos.ZERO);
        }
    }

    // FAILURES 12: a client on a kept connection goes on after a failed stream
    @Test
    void leavesTheClientsConnectionUsable() throws Exception {
        int after = upTo(TEN, 3);
        try (var upstream = FakeUpstream.start()
                        .then(TEN.eventByEvent(false).cutAt(after, true))
                        .then(TEN.plain());
                var relay = RelayUnderTest.serving(upstream);
                var client = relay.open(ASK_STREAM)) {
            client.answer();
            var second = client.post(RelayUnderTest.CHAT, RelayUnderTest.BEARER, ASK.getBytes(UTF_8))
                    .answer();
            assertThat(second.body()).isEqualTo(TEN.plainBody());
            relay.settled(2);
        }
    }

    static void endsInAnError(RawClient.Whole answer, String code) {
        assertThat(answer.status()).isEqualTo(200);
        var stream = Sse.read(answer.body());
        assertThat(stream.unfinished()).isFalse();
        assertThat(stream.data()).endsWith("[DONE]").hasSizeGreaterThanOrEqualTo(3);
        for (String event : stream.data().subList(0, stream.data().size() - 1)) {
            assertThat(JSON.readTree(event).isObject()).isTrue();
        }
        JsonNode chunk = JSON.readTree(stream.data().get(stream.data().size() - 3));
        assertThat(chunk.at("/error/code").asString()).isEqualTo(code);
        assertThat(chunk.at("/choices/0/finish_reason").asString()).isEqualTo("error");
        JsonNode alone = JSON.readTree(stream.data().get(stream.data().size() - 2));
        assertThat(alone.propertyNames()).containsExactly("error");
        assertThat(alone.path("error")).isEqualTo(chunk.path("error"));
    }

    static void chargedForWhatWasDelivered(Generation generation, Outcome outcome) {
        assertThat(generation.outcome()).isEqualTo(outcome);
        assertThat(generation.usageSource()).isEqualTo(UsageSource.ESTIMATED);
        assertThat(generation.usage().input()).isBetween(3L, 20L);
        assertThat(generation.usage().output()).isBetween(2L, 15L);
        assertThat(generation.cost())
                .isEqualTo(
                        priceOf(generation.usage().input(), generation.usage().output()));
    }

    static void refusedForFree(RelayUnderTest relay, RawClient.Whole answer, int status, String code, Outcome outcome) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        var error = JSON.readTree(answer.body()).path("error");
        assertThat(error.path("code").asString()).isEqualTo(code);
        assertThat(error.path("message").asString()).isNotBlank();
        assertThat(answer.body()).doesNotContain("canary");
        assertThat(answer.head().header("x-request-id")).isPresent();
        assertThat(relay.generation().outcome()).isEqualTo(outcome);
        assertThat(relay.generation().cost()).isEqualTo(Nanos.ZERO);
    }

    /** How many bytes the first {@code events} events of a stream without usage take. */
    static int upTo(OpenAiChat chat, int events) {
        return SseText.PLAIN.of(chat.events(false).subList(0, events)).length;
    }
}
