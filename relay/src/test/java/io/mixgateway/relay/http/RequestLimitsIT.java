package io.mixgateway.relay.http;

import static io.mixgateway.relay.http.RelayUnderTest.ASK;
import static io.mixgateway.relay.http.RelayUnderTest.BEARER;
import static io.mixgateway.relay.http.RelayUnderTest.CHAT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mixgateway.testkit.FakeUpstream;
import io.mixgateway.testkit.OpenAiChat;
import io.mixgateway.testkit.OpenAiSchema;
import io.mixgateway.testkit.RawClient;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Bad input gets its 4xx in OpenAI's shape, reaches no provider, and holds no money. */
class RequestLimitsIT {
    private static final String START = "POST " + CHAT + " HTTP/1.1\r\nHost: x\r\n" + BEARER;
    private static final int MOST_BODY = 100_000;

    private FakeUpstream upstream =
            FakeUpstream.answering(OpenAiChat.saying("Hi").always());
    private RelayUnderTest relay = start();

    private RelayUnderTest start() {
        var limits = Limits.DEFAULT;
        return RelayUnderTest.before(upstream)
                .limits(new Limits(
                        MOST_BODY,
                        16 * 1024,
                        limits.connect(),
                        limits.firstByte(),
                        limits.idle(),
                        limits.total(),
                        limits.maxConcurrentCalls()))
                .start();
    }

    @BeforeEach
    void isUp() {
        assertThat(relay.port()).isPositive();
    }

    @AfterEach
    void nothingWasForwardedOrHeld() {
        try {
            assertThat(upstream.requests()).isEmpty();
            assertThat(relay.credit.asked()).isZero();
        } finally {
            relay.close();
        }
    }

    // FAILURES 35
    @ParameterizedTest
    @ValueSource(strings = {"2147483648", "0", "-1", "1.5", "\"2\"", "1e3", "18446744073709551617"})
    void refusesAnImpossibleNumberOfChoices(String n) throws Exception {
        var answer = relay.chat("{\"model\":\"p0:m\",\"n\":" + n + ",\"messages\":[]}");
        invalid(answer, "n");
    }

    // FAILURES 35
    @ParameterizedTest
    @ValueSource(strings = {"9223372036854775807", "-1", "1.5", "[]"})
    void refusesAnImpossibleMaxTokens(String tokens) throws Exception {
        invalid(relay.chat("{\"model\":\"p0:m\",\"max_tokens\":" + tokens + ",\"messages\":[]}"), "max_tokens");
        invalid(
                relay.chat("{\"model\":\"p0:m\",\"max_completion_tokens\":" + tokens + ",\"messages\":[]}"),
                "max_completion_tokens");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "null",
                "\"x\"",
                "{\"model\":\"p0:m\"",
                "{\"model\":\"p0:m\"}}",
                "{'model':'p0:m'}",
                "{\"model\":\"p0:m\",}",
                "{\"model\":\"p0:m\"} {}",
                "{\"model\":\"p0:m\",\"x\":NaN}",
                "{\"model\":01}",
                "{\"model\":\"p0:m\",\"x\":\"\t\"}",
                "\u0000",
                "{\"model\":\"p0:m\",\"x\":1e}",
                "{}",
                "{\"model\":null}",
                "{\"model\":\"\"}",
                "{\"model\":[\"p0:m\"]}",
                "{\"model\":\"p0:m\",\"stream\":\"yes\"}",
                "{\"model\":\"p0:m\",\"stream_options\":[]}",
                "{\"messages\":[]}"
            })
    void refusesWhatIsNotARequest(String body) throws Exception {
        invalid(relay.chat(body));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"model\":\"p0:m\",\"model\":\"p0:m\"}",
                "{\"model\":\"p0:m\",\"\\u006dodel\":\"p1:m\"}",
                "{\"model\":\"p0:m\",\"max_tokens\":1,\"max_tokens\":100000}",
            })
    void refusesARepeatedTopLevelKey(String body) throws Exception {
        invalid(relay.chat(body));
    }

    // FAILURES 96
    @Test
    void refusesDeepNesting() throws Exception {
        for (String open : new String[] {"[", "{\"a\":"}) {
            invalid(relay.chat("{\"model\":\"p0:m\",\"x\":" + open.repeat(15_000)));
        }
    }

    // FAILURES 96: refused by its announced length, before a byte of it was read
    @Test
    void refusesALongBodyBeforeReadingIt() throws Exception {
        try (var client = relay.client()) {
            client.send(START + "Content-Length: " + (MOST_BODY + 1) + "\r\n\r\n");
            refused(client.answer(), 413, "request_too_large");
            assertThat(relay.bytesHeld()).isZero();
        }
    }

    // FAILURES 96: a client that waits to be told so never sends it
    @Test
    void refusesALongBodyInPlaceOfContinue() throws Exception {
        try (var client = relay.client()) {
            client.send(START + "Expect: 100-continue\r\nContent-Length: 99999999\r\n\r\n");
            refused(client.answer(), 413, "request_too_large");
        }
    }

    // FAILURES 96
    @Test
    void refusesALongBodyWithoutALength() throws Exception {
        try (var client = relay.client()) {
            client.send(START + "Transfer-Encoding: chunked\r\n\r\n");
            var piece = "x".repeat(10_000);
            for (int i = 0; i < 11; i++) {
                client.send("2710\r\n" + piece + "\r\n");
            }
            client.send("0\r\n\r\n");
            refused(client.answer(), 413, "request_too_large");
        }
    }

    @Test
    void refusesALongHead() throws Exception {
        try (var client = relay.client()) {
            client.send(START + "X-Long: " + "x".repeat(20_000) + "\r\nContent-Length: 0\r\n\r\n");
            assertThat(client.head().status()).isIn(400, 431);
        }
        try (var client = relay.client()) {
            client.send("POST /v1/" + "x".repeat(20_000) + " HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(client.head().status()).isIn(400, 414);
        }
    }

    // Requests that two servers in a row may read differently: RFC 9112, sections 2.2, 5.1, 5.2, 6.1 and 6.3.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
                "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
                "Content-Length: 3\r\nContent-Length: 4\r\n",
                "Content-Length: 3, 4\r\n",
                "Content-Length: +3\r\n",
                "Content-Length: 0x3\r\n",
                "Content-Length: -3\r\n",
                "Content-Length : 3\r\n",
                "Content-Length: 3\r\nX-Bare: a\rb\r\n",
                "Content-Length: 3\r\nX-Nul: a\u0000b\r\n",
                "Transfer-Encoding: identity, chunked\r\n",
                "Transfer-Encoding: chunked, chunked\r\n",
                "Transfer-Encoding: xchunked\r\n",
                "Content-Length: 3\r\nX Y: z\r\n",
            })
    void refusesAndClosesOnAnAmbiguousRequest(String headers) throws Exception {
        try (var client = relay.client()) {
            client.send(START + headers + "\r\n0\r\n\r\nGET /v1/models HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(client.head().status()).as(headers).isBetween(400, 501).isNotIn(404, 401);
            assertThat(client.isClosedWithin(Duration.ofSeconds(2)))
                    .as("closed after " + headers)
                    .isTrue();
        }
    }

    @Test
    void saysWhichModelsAreClosest() throws Exception {
        var answer = relay.chat(ASK.replace("p0:m", "p0x:n"));
        refused(answer, 404, "model_not_found");
        assertThat(answer.body()).contains("Closest: p0:m").contains("\"param\":\"model\"");
        var far = relay.chat(ASK.replace("p0:m", "something-quite-different"));
        refused(far, 404, "model_not_found");
        assertThat(far.body()).doesNotContain("Closest").contains("GET /v1/models lists all");
    }

    @Test
    void refusesWhoHasNoKeyOrAWrongOne() throws Exception {
        for (String headers : new String[] {
            "",
            "Authorization: Bearer sk-mg-wrong-canary\r\n",
            "Authorization: Basic eDp5\r\n",
            "Authorization: Bearer \r\n",
            "Authorization: Bearer ' OR '1'='1\r\n",
            "x-api-key: \r\n"
        }) {
            try (var client = relay.client()) {
                var answer = client.post(CHAT, headers, ASK.getBytes(UTF_8)).answer();
                refused(answer, 401, "invalid_api_key");
                assertThat(answer.body()).doesNotContain("canary");
            }
        }
    }

    @Test
    void says404And405InShape() throws Exception {
        try (var client = relay.client()) {
            refused(client.post("/v1/no/such", BEARER, new byte[0]).answer(), 404, "not_found");
            refused(
                    client.send("GET " + CHAT + " HTTP/1.1\r\nHost: x\r\n" + BEARER + "\r\n")
                            .answer(),
                    405,
                    "method_not_allowed");
        }
    }

    private static void invalid(RawClient.Whole answer) {
        refused(answer, 400, "invalid_request");
    }

    private static void invalid(RawClient.Whole answer, String param) {
        invalid(answer);
        assertThat(new JsonMapper().readTree(answer.body()).at("/error/param").asString())
                .isEqualTo(param);
    }

    private static void refused(RawClient.Whole answer, int status, String code) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(new JsonMapper().readTree(answer.body()).at("/error/code").asString())
                .isEqualTo(code);
        assertThat(answer.head().header("x-request-id")).isPresent();
        OpenAiSchema.find().ifPresent(schema -> schema.check("ErrorResponse", answer.body()));
    }
}
