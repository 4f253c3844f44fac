package io.mixgateway.relay.http;

import static io.mixgateway.relay.http.RelayUnderTest.ASK;
import static io.mixgateway.relay.http.RelayUnderTest.ASK_STREAM;
import static io.mixgateway.relay.http.RelayUnderTest.ASK_STREAM_WITH_USAGE;
import static io.mixgateway.relay.http.RelayUnderTest.PROVIDER_KEY;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mixgateway.relay.call.Outcome;
import io.mixgateway.relay.meter.UsageSource;
import io.mixgateway.relay.money.Nanos;
import io.mixgateway.testkit.Answer;
import io.mixgateway.testkit.FakeUpstream;
import io.mixgateway.testkit.OpenAiChat;
import io.mixgateway.testkit.Sse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Providers that answer rightly in an unusual form, or wrongly in a usual one. */
class OddAnswersIT {
    private static final OpenAiChat TEN = OpenAiChat.ofLength(10);

    private static Answer ofType(String type, byte[] body) {
        return type.isEmpty()
                ? Answer.of(200).body(body)
                : Answer.of(200).header("Content-Type", type).body(body);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Text/Event-Stream",
                "text/event-stream;charset=UTF-8",
                "text/plain",
                "application/json",
                "text/html",
                ""
            })
    void knowsAStreamByWhatItSays(String type) throws Exception {
        try (var upstream = FakeUpstream.start().always(ofType(type, TEN.stream(true)));
                var relay = RelayUnderTest.serving(upstream)) {
            var answer = relay.chat(ASK_STREAM_WITH_USAGE);
            assertThat(answer.body()).isEqualTo(new String(TEN.stream(true), UTF_8));
            assertThat(answer.head().header("content-type").orElseThrow()).startsWith("text/event-stream");
            assertThat(relay.generation().outcome()).isEqualTo(Outcome.COMPLETED);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html", "application/json", ""})
    void knowsADocumentWhereAStreamWasAskedFor(String type) throws Exception {
        try (var upstream =
                        FakeUpstream.start().always(ofType(type, TEN.plainBody().getBytes(UTF_8)));
                var relay = RelayUnderTest.serving(upstream)) {
            assertThat(relay.chat(ASK_STREAM).body()).isEqualTo(TEN.plainBody());
            assertThat(relay.generation().outcome()).isEqualTo(Outcome.COMPLETED);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 202})
    void takesEverySuccess(int status) throws Exception {
        try (var upstream = FakeUpstream.start().always(Answer.json(status, TEN.plainBody()));
                var relay = RelayUnderTest.serving(upstream)) {
            var answer = relay.chat(ASK);
            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.body()).isEqualTo(TEN.plainBody());
        }
    }

    @Test
    void passesOnWhatStandsBehindAByteOrderMark() throws Exception {
        var body = "\uFEFF" + TEN.plainBody();
        try (var upstream = FakeUpstream.start().always(Answer.json(200, body));
                var relay = RelayUnderTest.serving(upstream)) {
            assertThat(relay.chat(ASK).body()).isEqualTo(body);
            assertThat(relay.generation().usageSource()).isEqualTo(UsageSource.PROVIDER);
        }
    }

    @ParameterizedTest
    @CsvSource({"429,rate_limited,429", "503,upstream_error,502", "529,upstream_error,502", "500,upstream_error,502"})
    void passesOnWhenToTryAgain(int status, String code, int told) throws Exception {
        var error = Answer.error(status, "x", "y")
                .header("Retry-After", "9")
                .header("Retry-After-Ms", "9000")
                .header("x-should-retry", "true");
        try (var upstream = FakeUpstream.start().always(error);
                var relay = RelayUnderTest.serving(upstream)) {
            var answer = relay.chat(ASK);
            assertThat(answer.head().header("retry-after")).contains("9");
            assertThat(answer.head().header("retry-after-ms")).contains("9000");
            assertThat(answer.head().header("x-should-retry")).contains("true");
            EndingsIT.refusedForFree(relay, answer, told, code, Outcome.UPSTREAM_ERROR);
        }
    }

    // An empty account of the operator's is not for the caller to wait for.
    @Test
    void tellsAnEmptyAccountFromTooManyCalls() throws Exception {
        try (var upstream = FakeUpstream.start().always(Answer.error(429, "insufficient_quota", "canary"));
                var relay = RelayUnderTest.serving(upstream)) {
            EndingsIT.refusedForFree(relay, relay.chat(ASK), 502, "upstream_error", Outcome.UPSTREAM_ERROR);
        }
    }

    // FAILURES 104
    @ParameterizedTest
    @ValueSource(ints = {200, 400})
    void passesNothingOnThatItCannotLookInto(int status) throws Exception {
        var body = zipped("{\"error\":{\"message\":\"your key " + PROVIDER_KEY + " …\"}}");
        try (var upstream = FakeUpstream.start()
                        .always(Answer.json(status, "")
                                .header("Content-Encoding", "gzip")
                                .body(body));
                var relay = RelayUnderTest.serving(upstream)) {
            for (String ask : new String[] {ASK, ASK_STREAM}) {
                var answer = relay.chat(ask);
                assertThat(answer.status()).isEqualTo(status == 200 ? 502 : 400);
                assertThat(answer.body()).startsWith("{\"error\":{\"message\":\"The provider");
            }
        }
    }

    private static byte[] zipped(String text) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(out)) {
            zip.write(text.getBytes(UTF_8));
        }
        return out.toByteArray();
    }

    @Test
    void doesNotPassHalfAComplaintOn() throws Exception {
        try (var upstream = FakeUpstream.start()
                        .always(Answer.error(400, "x", "canary ".repeat(20)).cutAt(60, false));
                var relay = RelayUnderTest.serving(upstream)) {
            EndingsIT.refusedForFree(relay, relay.chat(ASK), 502, "upstream_error", Outcome.UPSTREAM_ERROR);
        }
    }

    @Test
    void takesAnEmptyErrorForNone() throws Exception {
        var stream =
                "data: {\"error\":\"\",\"choices\":[{\"delta\":{\"content\":\"a\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
        try (var upstream = FakeUpstream.start().always(Answer.sse(stream.getBytes(UTF_8)));
                var relay = RelayUnderTest.serving(upstream)) {
            assertThat(relay.chat(ASK_STREAM_WITH_USAGE).body()).isEqualTo(stream);
            assertThat(relay.generation().outcome()).isEqualTo(Outcome.COMPLETED);
        }
    }

    @Test
    void takesOnlyTheUsageOutOfAChunkThatSaysMore() throws Exception {
        var stream = "data: {\"choices\":[{\"delta\":{\"content\":\"a\"},\"finish_reason\":\"stop\"}]}\n\n"
                + "data: {\"choices\":[],\"citations\":[\"x\"],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1}}\n\n";
        try (var upstream = FakeUpstream.start().always(Answer.sse(stream.getBytes(UTF_8)));
                var relay = RelayUnderTest.serving(upstream)) {
            assertThat(relay.chat(ASK_STREAM).body())
                    .isEqualTo(stream.replace(",\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1}", ""));
        }
    }

    // FAILURES 11: of two answers only one was finished
    @Test
    void seesThatOneOfTwoChoicesIsMissing() throws Exception {
        var stream = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"},\"finish_reason\":\"stop\"}]}\n\n";
        try (var upstream = FakeUpstream.start().always(Answer.sse(stream.getBytes(UTF_8)));
                var relay = RelayUnderTest.serving(upstream)) {
            var answer = relay.chat(ASK_STREAM.replaceFirst("\\{", "{\"n\":2,"));
            EndingsIT.endsInAnError(answer, "upstream_error");
            assertThat(relay.generation().outcome()).isEqualTo(Outcome.TRUNCATED);
        }
    }

    // FAILURES 36: half a count is none
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"prompt_tokens\":12}",
                "{\"prompt_tokens\":12,\"completion_tokens\":null}",
                "{\"prompt_tokens\":12,\"completion_tokens\":\"7\"}",
                "{\"prompt_tokens\":12,\"completion_tokens\":7.5}",
                "{\"prompt_tokens\":12,\"completion_tokens\":562949953421312}"
            })
    void countsItselfWhereTheProviderTellsHalf(String usage) throws Exception {
        var body = "{\"choices\":[{\"message\":{\"content\":\"" + "word ".repeat(200)
                + "\"},\"finish_reason\":\"stop\"}],\"usage\":" + usage + "}";
        try (var upstream = FakeUpstream.start().always(Answer.json(200, body));
                var relay = RelayUnderTest.serving(upstream)) {
            assertThat(relay.chat(ASK).body()).isEqualTo(body);
            var generation = relay.generation();
            assertThat(generation.usageSource()).isEqualTo(UsageSource.ESTIMATED);
            assertThat(generation.cost()).isBetween(RelayUnderTest.priceOf(5, 190), RelayUnderTest.priceOf(20, 210));
        }
    }

    @Test
    void takesAWholeNumberWithAPoint() throws Exception {
        var body =
                "{\"choices\":[{\"message\":{\"content\":\"a\"}}],\"usage\":{\"prompt_tokens\":12.0,\"completion_tokens\":7.0}}";
        try (var upstream = FakeUpstream.start().always(Answer.json(200, body));
                var relay = RelayUnderTest.serving(upstream)) {
            relay.chat(ASK);
            assertThat(relay.generation().cost()).isEqualTo(RelayUnderTest.priceOf(12, 7));
        }
    }

    // FAILURES 18: what came after the count is not free
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void countsWhatCameAfterTheLastCount(boolean finished) throws Exception {
        var stream = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":13,\"completion_tokens\":0}}\n\n"
                + "data: {\"choices\":[{\"delta\":{\"content\":\"" + "abcd".repeat(100) + "\"}}]}\n\n"
                + (finished ? "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n" : "");
        try (var upstream = FakeUpstream.start().always(Answer.sse(stream.getBytes(UTF_8)));
                var relay = RelayUnderTest.serving(upstream)) {
            assertThat(Sse.read(relay.chat(ASK_STREAM_WITH_USAGE).body()).data())
                    .isNotEmpty();
            var generation = relay.generation();
            assertThat(generation.outcome()).isEqualTo(finished ? Outcome.COMPLETED : Outcome.TRUNCATED);
            assertThat(generation.usageSource()).isEqualTo(UsageSource.ESTIMATED);
            assertThat(generation.cost()).isEqualTo(RelayUnderTest.priceOf(13, 100));
            assertThat(generation.cost()).isGreaterThan(Nanos.ZERO);
        }
    }
}
