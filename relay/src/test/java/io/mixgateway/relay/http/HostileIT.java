package io.mixgateway.relay.http;

import static io.mixgateway.relay.http.RelayUnderTest.ASK;
import static io.mixgateway.relay.http.RelayUnderTest.ASK_STREAM;
import static io.mixgateway.relay.http.RelayUnderTest.BEARER;
import static io.mixgateway.relay.http.RelayUnderTest.CHAT;
import static io.mixgateway.relay.http.RelayUnderTest.KEY;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mixgateway.relay.call.Outcome;
import io.mixgateway.relay.money.Nanos;
import io.mixgateway.testkit.Answer;
import io.mixgateway.testkit.FakeUpstream;
import io.mixgateway.testkit.OpenAiChat;
import io.mixgateway.testkit.RawClient;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients, and our own bugs, that try to cost more than their call: other calls, memory, money. */
class HostileIT {
    private static final OpenAiChat TEN = OpenAiChat.ofLength(10);
    private static final Map<String, String> KNOWN =
            Map.of("authorization", "Bearer " + KEY, "content-type", "application/json");

    private static Map<String, String> with(String name, String value) {
        var headers = new java.util.HashMap<>(KNOWN);
        headers.put(name, value);
        return headers;
    }

    // A header of HTTP/2 may hold a line break; written on as HTTP/1.1 it would be a request with the operator's key.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "x\r\nx-injected: y",
                "x\nx-injected: y",
                "x\u0000y",
                "x\r\n\r\nPOST /v1/smuggled HTTP/1.1\r\nhost: y\r\ncontent-length: 0\r\n\r\n"
            })
    void refusesAHeaderThatHoldsALineBreak(String value) throws Exception {
        for (String name : new String[] {"openai-beta", "user-agent", "idempotency-key", "origin"}) {
            try (var upstream = FakeUpstream.answering(TEN.always());
                    var relay = RelayUnderTest.serving(upstream);
                    var client = RawHttp2.to(relay.port())) {
                var answer = client.post(CHAT, with(name, value), ASK, true).await();
                assertThat(answer.status() == 400 || answer.wasReset()).isTrue();
                assertThat(upstream.requests()).isEmpty();
            }
        }
    }

    @Test
    void passesOnAnHttp2HeaderThatIsOne() throws Exception {
        try (var upstream = FakeUpstream.answering(TEN.always());
                var relay = RelayUnderTest.serving(upstream);
                var client = RawHttp2.to(relay.port())) {
            var answer = client.post(CHAT, with("openai-beta", "assistants=v2"), ASK, true)
                    .await();
            assertThat(answer).isEqualTo(new RawHttp2.Ended(200, TEN.plainBody(), false));
            assertThat(upstream.requests().getFirst().header("openai-beta")).contains("assistants=v2");
        }
    }

    @Test
    void endsOnlyTheSlowUploadOfManyOnAConnection() throws Exception {
        var slow = OpenAiChat.ofLength(60).eventByEvent(true).everyPieceAfter(Duration.ofMillis(40));
        try (var upstream = FakeUpstream.start().always(slow);
                var relay = RelayUnderTest.before(upstream)
                        .limits(RelayUnderTest.SHORT)
                        .start();
                var client = RawHttp2.to(relay.port())) {
            var healthy = client.post(CHAT, KNOWN, ASK_STREAM, true);
            var stuck = client.post(CHAT, KNOWN, "{\"model\":", false);

            assertThat(stuck.await().status()).isEqualTo(504);
            assertThat(healthy.await().body()).endsWith("data: [DONE]\n\n");
            assertThat(client.isOpen()).isTrue();
            assertThat(relay.generation().outcome()).isEqualTo(Outcome.COMPLETED);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE", "UTF-32BE"})
    void refusesABodyThatIsNotUtf8(String charset) throws Exception {
        try (var upstream = FakeUpstream.answering(TEN.always());
                var relay = RelayUnderTest.serving(upstream);
                var client = relay.client()) {
            var answer = client.post(CHAT, BEARER, ASK.getBytes(Charset.forName(charset)))
                    .answer();
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).contains("UTF-8");
            assertThat(relay.credit.asked()).isZero();
        }
    }

    @Test
    void givesTheHoldBackWhenAnAttemptCannotBegin() throws Exception {
        try (var relay = RelayUnderTest.before()
                .builtIn("broken", (request, listener, context) -> {
                    throw new IllegalStateException("a bug, on purpose");
                })
                .start()) {
            var answer = relay.chat(ASK);
            assertThat(answer.status()).isEqualTo(500);
            assertThat(answer.body()).contains("internal_error").doesNotContain("on purpose");
            assertThat(relay.generation().cost()).isEqualTo(Nanos.ZERO);
            assertThat(relay.credit.open()).isZero();
        }
    }

    @Test
    void readsALongBodyWithTooManyNamesWithoutStoppingOthers() throws Exception {
        var names = new StringBuilder("{\"model\":\"p0:nobody\"");
        for (int i = 0; i < 300_000; i++) {
            names.append(",\"n").append(Integer.toString(i * 7919, 36)).append("\":0");
        }
        try (var upstream = FakeUpstream.answering(TEN.always());
                var relay = RelayUnderTest.serving(upstream)) {
            var answer = relay.chat(names.append('}').toString());
            assertThat(answer.status()).isEqualTo(404);
        }
    }

    @Test
    void passesALongAnswerOnByteForByte() throws Exception {
        var text = "0123456789 ".repeat(500_000);
        var body = "{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"" + text
                + "\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":10,\"total_tokens\":19}}";
        try (var upstream = FakeUpstream.start().always(Answer.json(200, body));
                var relay = RelayUnderTest.serving(upstream)) {
            var answer = relay.chat(ASK);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body().equals(body)).isTrue();
            assertThat(relay.generation().outcome()).isEqualTo(Outcome.COMPLETED);
        }
    }

    // FAILURES 22, 96: what it does not read is held for as long as it may be silent, and no longer
    @Test
    void dropsAClientThatDoesNotReadALongAnswer() throws Exception {
        var body = "{\"choices\":[{\"message\":{\"content\":\"" + "x".repeat(8_000_000) + "\"}}]}";
        try (var upstream = FakeUpstream.start().always(Answer.json(200, body));
                var relay = RelayUnderTest.before(upstream)
                        .limits(RelayUnderTest.SHORT)
                        .start();
                var client = RawClient.withSmallWindowTo(relay.port())) {
            client.post(CHAT, BEARER, ASK.getBytes(UTF_8));
            relay.generation();
            Awaitility.await().atMost(Duration.ofSeconds(8)).until(() -> relay.bytesHeld() == 0 && relay.calls() == 0);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /v1/models HTTP/1.1\r\n\r\n",
                "GET /v1/models HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "GET /v1/models HTTP/1.1\r\nHost : a\r\n\r\n",
                "GET /v1/models HTTP/1.1\r\nHost: a\r\nx: \u0000\r\n\r\n"
            })
    void refusesAHeadThatTwoServersMayReadDifferently(String head) throws Exception {
        refusedInOurForm(head, 400, "invalid_request");
    }

    @Test
    void saysWhichHeadIsTooLong() throws Exception {
        refusedInOurForm("GET /v1/" + "x".repeat(9_000) + " HTTP/1.1\r\nHost: a\r\n\r\n", 414, "uri_too_long");
        refusedInOurForm(
                "GET /v1/models HTTP/1.1\r\nHost: a\r\nx: " + "x".repeat(70_000) + "\r\n\r\n",
                431,
                "headers_too_large");
    }

    private static void refusedInOurForm(String head, int status, String code) throws Exception {
        try (var upstream = FakeUpstream.start();
                var relay = RelayUnderTest.serving(upstream);
                var client = relay.client()) {
            var answer = client.send(head).answer();
            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.body()).contains("\"code\":\"" + code + "\"");
            assertThat(answer.head().header("x-request-id")).isPresent();
        }
    }
}
