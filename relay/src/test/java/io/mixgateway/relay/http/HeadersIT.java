package io.mixgateway.relay.http;

import static io.mixgateway.relay.http.RelayUnderTest.ASK;
import static io.mixgateway.relay.http.RelayUnderTest.ASK_STREAM;
import static io.mixgateway.relay.http.RelayUnderTest.BEARER;
import static io.mixgateway.relay.http.RelayUnderTest.CHAT;
import static io.mixgateway.relay.http.RelayUnderTest.KEY;
import static io.mixgateway.relay.http.RelayUnderTest.PROVIDER_KEY;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.mixgateway.testkit.Answer;
import io.mixgateway.testkit.FakeUpstream;
import io.mixgateway.testkit.OpenAiChat;
import io.mixgateway.testkit.OpenAiSchema;
import io.mixgateway.testkit.RawClient;
import io.mixgateway.testkit.Received;
import io.mixgateway.testkit.SseText;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/** Allow lists both ways, nobody's secret anywhere it does not belong, and what browsers and proxies need. */
class HeadersIT {
    private static final OpenAiChat TEN = OpenAiChat.ofLength(10);

    // FAILURES 104: a provider sees none of the client's credentials and nothing that was not named
    @Test
    void sendsAProviderOnlyWhatItShouldSee() throws Exception {
        try (var upstream = FakeUpstream.answering(TEN.always());
                var relay = RelayUnderTest.serving(upstream);
                var client = relay.client()) {
            client.post(
                            CHAT,
                            BEARER + "Cookie: session=canary\r\nx-api-key: " + KEY
                                    + "\r\nOpenAI-Organization: org-canary\r\n"
                                    + "X-Forwarded-For: 10.1.2.3\r\nX-Canary: canary\r\nConnection: keep-alive, X-Hop\r\n"
                                    + "X-Hop: canary\r\nAccept-Encoding: gzip, br\r\nOpenAI-Beta: assistants=v2\r\n"
                                    + "Proxy-Authorization: Basic canary\r\nTE: trailers\r\n",
                            ASK.getBytes(UTF_8))
                    .answer();
            var request = upstream.onlyRequest();
            assertThat(request.headers().stream()
                            .map(Received.HeaderLine::name)
                            .map(name -> name.toLowerCase(Locale.ROOT)))
                    .containsExactlyInAnyOrder(
                            "host",
                            "authorization",
                            "content-type",
                            "content-length",
                            "accept",
                            "accept-encoding",
                            "user-agent",
                            "openai-beta");
            assertThat(request.header("authorization")).contains("Bearer " + PROVIDER_KEY);
            assertThat(request.header("accept-encoding")).contains("identity");
            assertThat(request.header("host")).contains("127.0.0.1:" + upstream.port());
            assertThat(request.head()).doesNotContain("canary-of-the-client").doesNotContain("10.1.2.3");
        }
    }

    // FAILURES 102: no field of a body redirects a call or its key
    @Test
    void takesNoAddressFromTheBody() throws Exception {
        try (var upstream = FakeUpstream.answering(TEN.always());
                var canary = FakeUpstream.answering(TEN.always());
                var relay = RelayUnderTest.serving(upstream)) {
            var url = canary.baseUrl().toString();
            var ask = ASK.replaceFirst(
                    "\\{",
                    "{\"api_base\":\"" + url + "\",\"base_url\":\"" + url + "\",\"extra_body\":{\"api_base\":\"" + url
                            + "\"},\"headers\":{\"Host\":\"" + url + "\"},");
            assertThat(relay.chat(ask).status()).isEqualTo(200);
            assertThat(canary.accepted()).isZero();
            assertThat(upstream.requests()).hasSize(1);
        }
    }

    // FAILURES 104: a client sees nothing of the operator's account at the provider
    @Test
    void sendsAClientOnlyWhatItShouldSee() throws Exception {
        try (var upstream = FakeUpstream.answering(request -> TEN.answer(request)
                        .header("Set-Cookie", "__cf_bm=canary")
                        .header("OpenAI-Organization", "org-canary")
                        .header("OpenAI-Processing-Ms", "12")
                        .header("x-request-id", "req_canary")
                        .header("x-ratelimit-remaining-tokens", "31337")
                        .header("Location", "http://canary")
                        .header("Server", "canary")
                        .header("CF-Ray", "canary"));
                var relay = RelayUnderTest.serving(upstream)) {
            for (String ask : List.of(ASK, ASK_STREAM)) {
                var head = relay.chat(ask).head();
                assertThat(head.raw().toLowerCase(Locale.ROOT))
                        .doesNotContain("canary")
                        .doesNotContain("31337")
                        .doesNotContain("set-cookie");
                assertThat(head.header("x-request-id").orElseThrow()).startsWith("req-");
                assertThat(head.header("x-mixgateway-generation").orElseThrow()).startsWith("gen-");
                assertThat(head.header("x-mixgateway-provider")).contains("p0");
            }
        }
    }

    // FAILURES 104, 105, 118: force every failure, then look for every secret and the prompt in answers and logs
    @Test
    void leaksNoSecretAndNoContentWhateverFails() throws Exception {
        var log = new ListAppender<ILoggingEvent>();
        var root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        var levelBefore = root.getLevel();
        log.start();
        root.addAppender(log);
        root.setLevel(Level.INFO);
        var echo = "\"your key " + PROVIDER_KEY + " is wrong\"";
        var faults = List.of(
                Answer.json(401, "{\"error\":{\"message\":" + echo + "}}"),
                Answer.json(400, "{\"error\":{\"message\":" + echo + "}}"),
                Answer.json(403, "{\"error\":{\"message\":" + echo + "}}"),
                Answer.json(429, "{\"error\":{\"message\":" + echo + "}}"),
                Answer.json(500, "{\"error\":{\"message\":" + echo + "}}"),
                Answer.json(200, "{\"error\":{\"message\":" + echo + "}}"),
                Answer.json(302, echo).header("Location", "http://127.0.0.1:1/?key=" + PROVIDER_KEY),
                Answer.sse(SseText.PLAIN.of(List.of("{\"error\":{\"message\":" + echo + "}}"))),
                Answer.garbage((PROVIDER_KEY + "\r\n\r\n").getBytes(UTF_8)),
                Answer.hangUp(true),
                TEN.plain().cutAt(20, false));
        var secretPrompt = "my-secret-prompt-canary";
        try (var upstream = FakeUpstream.start();
                var relay = RelayUnderTest.serving(upstream)) {
            for (Answer fault : faults) {
                for (String ask : List.of(ASK, ASK_STREAM)) {
                    upstream.then(fault);
                    seesNoSecret(relay.chat(ask.replace("Hello", secretPrompt)));
                }
            }
            seesNoSecret(relay.chat("{\"model\":\"" + KEY + "\", broken " + secretPrompt));
            seesNoSecret(relay.chat("{\"model\":\"p0:m\",\"n\":\"" + secretPrompt + "\"}"));
            relay.settled(2 * faults.size());
            assertThat(log.list).isNotEmpty().allSatisfy(event -> {
                var text = event.getFormattedMessage() + event.getThrowableProxy();
                assertThat(text).doesNotContainIgnoringCase("canary");
            });
            assertThat(relay.credit.settled().toString()).doesNotContain("canary");
        } finally {
            root.detachAppender(log);
            root.setLevel(levelBefore);
        }
    }

    private static void seesNoSecret(RawClient.Whole answer) {
        assertThat(answer.head().raw() + answer.body())
                .doesNotContain(PROVIDER_KEY)
                .doesNotContain("my-secret-prompt");
        assertThat(answer.status()).isNotEqualTo(302);
    }

    // FAILURES 15: flushed at once, with the headers that keep proxies from buffering
    @Test
    void streamsEventByEventWithTheRightHeaders() throws Exception {
        var gate = new CountDownLatch(1);
        int afterTwo = EndingsIT.upTo(TEN, 2);
        try (var upstream = FakeUpstream.answering(_ -> TEN.eventByEvent(false).holdsAt(afterTwo, gate));
                var relay = RelayUnderTest.serving(upstream);
                var client = relay.open(ASK_STREAM)) {
            var head = client.head();
            assertThat(head.header("content-type").orElseThrow()).startsWith("text/event-stream");
            assertThat(head.header("cache-control").orElseThrow()).contains("no-cache");
            assertThat(head.header("x-accel-buffering")).contains("no");
            assertThat(head.header("content-encoding")).isEmpty();
            assertThat(head.header("content-length")).isEmpty();
            // The second event is here while the provider waits for us
            client.until("w0 ");
            gate.countDown();
            assertThat(new String(client.rest(), UTF_8)).endsWith("data: [DONE]\n\n");
        }
    }

    // FAILURES 10: a provider's keep-alives pass as they are, at once, and none of ours are added
    @Test
    void passesKeepAlivesUntouchedAndAtOnce() throws Exception {
        var gate = new CountDownLatch(1);
        var comment = ": ping 1\n\n";
        var stream = comment + new String(TEN.stream(true), UTF_8);
        try (var upstream = FakeUpstream.answering(
                        _ -> Answer.sse(stream.getBytes(UTF_8)).cutEvery(50).holdsAt(comment.length(), gate));
                var relay = RelayUnderTest.serving(upstream);
                var client = relay.open(RelayUnderTest.ASK_STREAM_WITH_USAGE)) {
            client.head();
            assertThat(client.until(comment)).isEqualTo(comment);
            Thread.sleep(Duration.ofMillis(100));
            gate.countDown();
            assertThat(comment + new String(client.rest(), UTF_8)).isEqualTo(stream);
        }
    }

    @Test
    void answersABrowsersPreflight() throws Exception {
        try (var upstream = FakeUpstream.answering(TEN.always());
                var relay = RelayUnderTest.serving(upstream);
                var client = relay.client()) {
            var preflight = client.send("OPTIONS " + CHAT + " HTTP/1.1\r\nHost: x\r\nOrigin: https://app.example\r\n"
                            + "Access-Control-Request-Method: POST\r\n"
                            + "Access-Control-Request-Headers: authorization,content-type,x-stainless-os\r\n\r\n")
                    .answer();
            assertThat(preflight.status()).isEqualTo(204);
            assertThat(preflight.head().header("access-control-allow-origin")).contains("*");
            assertThat(preflight.head().header("access-control-allow-methods").orElseThrow())
                    .contains("POST");
            assertThat(preflight.head().header("access-control-allow-headers").orElseThrow())
                    .contains("authorization", "x-stainless-os");
            assertThat(preflight.head().header("access-control-allow-credentials"))
                    .isEmpty();
            for (String ask : List.of(ASK, ASK_STREAM, "{")) {
                var head = client.post(CHAT, BEARER + "Origin: https://app.example\r\n", ask.getBytes(UTF_8))
                        .answer()
                        .head();
                assertThat(head.header("access-control-allow-origin")).contains("*");
                assertThat(head.header("access-control-expose-headers").orElseThrow())
                        .contains("x-request-id");
            }
        }
    }

    @Test
    void listsModelsInOpenAisShape() throws Exception {
        try (var upstream = FakeUpstream.start();
                var relay = RelayUnderTest.serving(upstream);
                var client = relay.client()) {
            var list = client.send("GET /v1/models HTTP/1.1\r\nHost: x\r\n" + BEARER + "\r\n")
                    .answer();
            assertThat(list.status()).isEqualTo(200);
            assertThat(new JsonMapper().readTree(list.body()).path("data").findValuesAsString("id"))
                    .containsExactlyInAnyOrder("best", "p0:m");
            OpenAiSchema.find().ifPresent(schema -> schema.check("ListModelsResponse", list.body()));
            for (String name : List.of("p0:m", "p0%3Am", "p0/m", "best")) {
                var one = client.send("GET /v1/models/" + name + " HTTP/1.1\r\nHost: x\r\n" + BEARER + "\r\n")
                        .answer();
                assertThat(one.status()).as(name).isEqualTo(200);
                OpenAiSchema.find().ifPresent(schema -> schema.check("Model", one.body()));
            }
            var none = client.send("GET /v1/models/nope HTTP/1.1\r\nHost: x\r\n" + BEARER + "\r\n")
                    .answer();
            assertThat(none.status()).isEqualTo(404);
            assertThat(client.send("GET /v1/models HTTP/1.1\r\nHost: x\r\n\r\n")
                            .answer()
                            .status())
                    .isEqualTo(401);
        }
    }
}
