package io.mixgateway.relay.http;

import static io.mixgateway.relay.http.RelayUnderTest.ASK;
import static io.mixgateway.relay.http.RelayUnderTest.BEARER;
import static io.mixgateway.relay.http.RelayUnderTest.CHAT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mixgateway.relay.call.GenerationId;
import io.mixgateway.relay.call.Outcome;
import io.mixgateway.relay.money.Nanos;
import io.mixgateway.relay.port.Idempotency;
import io.mixgateway.testkit.Answer;
import io.mixgateway.testkit.FakeUpstream;
import io.mixgateway.testkit.OpenAiChat;
import io.mixgateway.testkit.RawClient;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client hears of its Idempotency-Key; whether a key was used is for the platform to know. */
class IdempotencyIT {
    private static final OpenAiChat TEN = OpenAiChat.ofLength(10);

    private static RawClient open(RelayUnderTest relay, String key, String body) throws IOException {
        return relay.client().post(CHAT, BEARER + "Idempotency-Key: " + key + "\r\n", body.getBytes(UTF_8));
    }

    private static RawClient.Whole chat(RelayUnderTest relay, String key, String body) throws IOException {
        try (var client = open(relay, key, body)) {
            return client.answer();
        }
    }

    @Test
    void asksNobodyForCallsWithoutAKey() throws Exception {
        try (var upstream = FakeUpstream.answering(TEN.always());
                var relay = RelayUnderTest.serving(upstream)) {
            assertThat(relay.chat(ASK).status()).isEqualTo(200);
            assertThat(relay.idempotency.asked()).isEmpty();
        }
    }

    @Test
    void aGrantedCallHasTheGenerationOfItsClaimAndKeepsTheKey() throws Exception {
        try (var upstream = FakeUpstream.answering(TEN.always());
                var relay = RelayUnderTest.serving(upstream)) {
            var answer = chat(relay, "k-1", ASK);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(relay.generation().id()).isEqualTo(relay.idempotency.generationOf("k-1"));
            assertThat(relay.idempotency.released()).isEmpty();
            assertThat(upstream.requests().getFirst().head()).doesNotContainIgnoringCase("idempotency");
        }
    }

    @Test
    void aTwinInFlightIsToldToAskAgain() throws Exception {
        var gate = new CountDownLatch(1);
        try (var upstream =
                        FakeUpstream.answering(request -> TEN.answer(request).holdsAt(Answer.BEFORE_HEAD, gate));
                var relay = RelayUnderTest.serving(upstream);
                var first = open(relay, "twin", ASK)) {
            await().until(() -> upstream.requests().size() == 1);
            var second = chat(relay, "twin", ASK);
            gate.countDown();

            assertThat(second.status()).isEqualTo(409);
            assertThat(second.head().header("retry-after")).contains("1");
            assertThat(second.body()).contains("\"idempotency_in_flight\"");
            assertThat(first.answer().status()).isEqualTo(200);
            assertThat(upstream.requests()).hasSize(1);
        }
    }

    @Test
    void aReplayNamesTheGenerationAndIsNotToBeRetried() throws Exception {
        try (var upstream = FakeUpstream.answering(TEN.always());
                var relay = RelayUnderTest.serving(upstream)) {
            var id = GenerationId.at(Instant.now());
            relay.idempotency.says(new Idempotency.Made(id, Outcome.CANCELLED, new Nanos(1_500)));
            var answer = chat(relay, "k", ASK);
            assertThat(answer.status()).isEqualTo(409);
            assertThat(answer.head().header("x-mixgateway-generation")).contains(id.value());
            assertThat(answer.head().header("x-should-retry")).contains("false");
            assertThat(answer.body())
                    .contains("\"idempotency_replayed\"", id.value(), "\"cancelled\"", "\"0.0000015\"");
            assertThat(upstream.requests()).isEmpty();
        }
    }

    @Test
    void anotherBodyIsRefused() throws Exception {
        try (var upstream = FakeUpstream.answering(TEN.always());
                var relay = RelayUnderTest.serving(upstream)) {
            relay.idempotency.says(new Idempotency.Mismatch());
            var answer = chat(relay, "k", ASK);
            assertThat(answer.status()).isEqualTo(422);
            assertThat(answer.body()).contains("\"idempotency_mismatch\"");
            assertThat(upstream.requests()).isEmpty();
        }
    }

    @Test
    void aStoreInDoubtMeansNo() throws Exception {
        try (var upstream = FakeUpstream.answering(TEN.always());
                var relay = RelayUnderTest.serving(upstream)) {
            relay.idempotency.says(new Idempotency.Unavailable("the store does not answer."));
            var answer = chat(relay, "k", ASK);
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.head().header("retry-after")).isPresent();
            assertThat(upstream.requests()).isEmpty();
        }
    }

    @Test
    void aCallThatIsRefusedGivesItsKeyBack() throws Exception {
        try (var upstream = FakeUpstream.answering(TEN.always());
                var relay = RelayUnderTest.before(upstream).credit("0").start()) {
            assertThat(chat(relay, "poor", ASK).status()).isEqualTo(402);
            assertThat(relay.idempotency.released()).hasSize(1);
            relay.credit.grant(RelayUnderTest.ACCOUNT, Nanos.parse("1"));
            assertThat(chat(relay, "poor", ASK).status()).isEqualTo(200);
        }
    }

    @Test
    void anUnusableRequestClaimsNothing() throws Exception {
        try (var upstream = FakeUpstream.answering(TEN.always());
                var relay = RelayUnderTest.serving(upstream)) {
            assertThat(chat(relay, "k", "{").status()).isEqualTo(400);
            assertThat(chat(relay, "k", ASK.replace("p0:m", "p0:none")).status())
                    .isEqualTo(404);
            assertThat(relay.idempotency.asked()).isEmpty();
        }
    }

    @Test
    void aClientThatLeftWhileItsHoldWasAskedForGivesTheKeyBack() throws Exception {
        try (var upstream = FakeUpstream.answering(TEN.always());
                var relay = RelayUnderTest.serving(upstream)) {
            relay.credit.answersLater();
            for (int i = 0; i < 20; i++) {
                var client = open(relay, "leaves-" + i, ASK);
                await().pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(1))
                        .until(() -> !relay.idempotency.asked().isEmpty());
                client.close();
            }
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> relay.idempotency.asked().size() == 20 && relay.calls() == 0);
            // Each key is given back, or a generation stands for it.
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> relay.idempotency.released().size()
                                    + relay.credit.settled().size()
                            == 20);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"with blank", "caf\u00e9"})
    void aKeyThatIsNoneIsRefused(String key) throws Exception {
        try (var upstream = FakeUpstream.answering(TEN.always());
                var relay = RelayUnderTest.serving(upstream)) {
            var answer = chat(relay, key, ASK);
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).contains("Idempotency-Key");
            assertThat(chat(relay, "x".repeat(256), ASK).status()).isEqualTo(400);
            assertThat(chat(relay, "x".repeat(255), ASK).status()).isEqualTo(200);
        }
    }
}
