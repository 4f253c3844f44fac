package io.mixgateway.relay.http;

import static io.mixgateway.relay.http.EndingsIT.upTo;
import static io.mixgateway.relay.http.RelayUnderTest.ASK;
import static io.mixgateway.relay.http.RelayUnderTest.ASK_STREAM;
import static io.mixgateway.relay.http.RelayUnderTest.priceOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.mixgateway.relay.call.Outcome;
import io.mixgateway.relay.catalog.Quirk;
import io.mixgateway.relay.meter.UsageSource;
import io.mixgateway.relay.money.Nanos;
import io.mixgateway.testkit.Answer;
import io.mixgateway.testkit.FakeUpstream;
import io.mixgateway.testkit.OpenAiChat;
import io.mixgateway.testkit.OpenAiChat.UsageIn;
import io.mixgateway.testkit.RawClient;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** FAILURES 17 to 19, by the policy table: who leaves stops the upstream at once and pays for what was done for them. */
class ClientLeavesIT {
    private static final Duration AT_ONCE = Duration.ofSeconds(1);
    private static final OpenAiChat LONG = OpenAiChat.ofLength(200);

    // FAILURES 17a, 19
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void cancelsAStreamThatHasNotBegun(boolean reset) throws Exception {
        try (var upstream = FakeUpstream.start().always(Answer.silence());
                var relay = RelayUnderTest.serving(upstream)) {
            var client = relay.open(ASK_STREAM);
            var asked = upstream.awaitRequest(1);
            // When
            leave(client, reset);
            // Then
            assertThat(asked.closedByPeer(AT_ONCE)).isTrue();
            free(relay);
        }
    }

    // FAILURES 19: headers, role chunk and comments are not yet a token
    @Test
    void chargesNothingBeforeTheFirstToken() throws Exception {
        try (var upstream = FakeUpstream.start().always(LONG.eventByEvent(true).stallsAt(upTo(LONG, 1) + 13));
                var relay = RelayUnderTest.serving(upstream)) {
            var client = relay.open(ASK_STREAM);
            client.head();
            client.until("assistant");
            leave(client, false);
            assertThat(upstream.onlyRequest().closedByPeer(AT_ONCE)).isTrue();
            free(relay);
        }
    }

    // FAILURES 17b, 18
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void cancelsAStreamUnderWayAndChargesWhatWasDelivered(boolean reset) throws Exception {
        try (var upstream =
                        FakeUpstream.start().always(LONG.eventByEvent(true).everyPieceAfter(Duration.ofMillis(20)));
                var relay = RelayUnderTest.serving(upstream)) {
            var client = relay.open(ASK_STREAM);
            client.head();
            client.until("w5 ");
            leave(client, reset);
            var request = upstream.onlyRequest();
            assertThat(request.closedByPeer(AT_ONCE)).isTrue();
            assertThat(request.sent()).isLessThan(upTo(LONG, 100));
            var generation = relay.generation();
            assertThat(generation.outcome()).isEqualTo(Outcome.CANCELLED);
            assertThat(generation.usageSource()).isEqualTo(UsageSource.ESTIMATED);
            assertThat(generation.usage().output()).isBetween(6L, 120L);
            assertThat(generation.usage().input()).isBetween(3L, 20L);
            assertThat(generation.cost())
                    .isEqualTo(priceOf(
                            generation.usage().input(), generation.usage().output()));
        }
    }

    // FAILURES 18: where the provider keeps a running count, that is what was used
    @Test
    void chargesTheProvidersRunningCount() throws Exception {
        var running = LONG.usageIn(UsageIn.EVERY_CHUNK);
        var gate = new CountDownLatch(1);
        int upToW5 =
                io.mixgateway.testkit.SseText.PLAIN.of(running.events(false).subList(0, 7)).length;
        try (var upstream =
                        FakeUpstream.start().always(running.eventByEvent(false).holdsAt(upToW5, gate));
                var relay = RelayUnderTest.serving(upstream)) {
            var client = relay.open(ASK_STREAM);
            client.head();
            client.until("w5 ");
            leave(client, false);
            assertThat(upstream.onlyRequest().closedByPeer(AT_ONCE)).isTrue();
            assertThat(relay.generation().outcome()).isEqualTo(Outcome.CANCELLED);
            assertThat(relay.generation().usageSource()).isEqualTo(UsageSource.PROVIDER);
            assertThat(relay.generation().cost()).isEqualTo(priceOf(9, 6));
        }
    }

    // FAILURES 18: hanging up early again and again is never free
    @Test
    void givesNoFreeTokensToWhoHangsUpEarly() throws Exception {
        int times = 40;
        try (var upstream = FakeUpstream.start().always(LONG.eventByEvent(true).everyPieceAfter(Duration.ofMillis(5)));
                var relay = RelayUnderTest.serving(upstream)) {
            for (int i = 0; i < times; i++) {
                var client = relay.open(ASK_STREAM);
                client.head();
                client.until("w0 ");
                leave(client, i % 2 == 0);
            }
            assertThat(relay.settled(times)).allSatisfy(generation -> {
                assertThat(generation.outcome()).isEqualTo(Outcome.CANCELLED);
                assertThat(generation.usage().output()).isPositive();
                assertThat(generation.cost()).isGreaterThan(Nanos.ZERO);
            });
        }
    }

    // FAILURES 17c, policy table: a plain call is drained and charged its true usage
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void letsAPlainCallFinishAndChargesItsUsage(boolean reset) throws Exception {
        var gate = new CountDownLatch(1);
        try (var upstream = FakeUpstream.start().always(LONG.plain().holdsAt(Answer.BEFORE_HEAD, gate));
                var relay = RelayUnderTest.serving(upstream)) {
            var client = relay.open(ASK);
            var asked = upstream.awaitRequest(1);
            leave(client, reset);
            assertThat(asked.closedByPeer(Duration.ofMillis(200))).isFalse();
            // When
            gate.countDown();
            // Then
            assertThat(relay.generation().outcome()).isEqualTo(Outcome.CANCELLED);
            assertThat(relay.generation().usageSource()).isEqualTo(UsageSource.PROVIDER);
            assertThat(relay.generation().cost()).isEqualTo(priceOf(9, 200));
        }
    }

    // FAILURES 17c: bounded, even when the provider never answers
    @Test
    void drainsOnlyWithinTheDeadline() throws Exception {
        try (var upstream = FakeUpstream.start().always(Answer.silence());
                var relay = RelayUnderTest.before(upstream)
                        .limits(RelayUnderTest.SHORT)
                        .start()) {
            var client = relay.open(ASK);
            var asked = upstream.awaitRequest(1);
            leave(client, false);
            assertThat(asked.closedByPeer(Duration.ofSeconds(2))).isTrue();
            assertThat(relay.generation().outcome()).isEqualTo(Outcome.UNKNOWN);
            assertThat(relay.generation().cost()).isEqualTo(Nanos.ZERO);
        }
    }

    // FAILURES 17c: some providers bill a plain call only as long as it is wanted
    @Test
    void cancelsAPlainCallWhereTheProviderIsMarkedSo() throws Exception {
        try (var upstream = FakeUpstream.start().always(Answer.silence());
                var relay = RelayUnderTest.before(upstream)
                        .quirks(Quirk.CANCEL_DETACHED_CALLS)
                        .start()) {
            var client = relay.open(ASK);
            var asked = upstream.awaitRequest(1);
            leave(client, false);
            assertThat(asked.closedByPeer(AT_ONCE)).isTrue();
            free(relay);
        }
    }

    // A client that leaves in the middle of its own request costs nothing and reaches nobody.
    @Test
    void forgetsARequestThatWasNeverFinished() throws Exception {
        try (var upstream = FakeUpstream.start();
                var relay = RelayUnderTest.serving(upstream)) {
            for (int i = 0; i < 20; i++) {
                var client = relay.client();
                client.send("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n" + RelayUnderTest.BEARER
                        + "Content-Length: 100\r\n\r\n{\"model\"");
                leave(client, i % 2 == 0);
            }
            org.awaitility.Awaitility.await().until(() -> relay.calls() == 0);
            assertThat(relay.credit.asked()).isZero();
            assertThat(upstream.requests()).isEmpty();
        }
    }

    // The client leaves while the hold is being asked for: what comes late is given back.
    @Test
    void givesBackAHoldThatCameTooLate() throws Exception {
        try (var upstream = FakeUpstream.start().always(Answer.silence());
                var relay = RelayUnderTest.serving(upstream)) {
            relay.credit.answersLater();
            for (int i = 0; i < 30; i++) {
                var client = relay.open(ASK_STREAM);
                Thread.sleep(i % 8);
                leave(client, true);
            }
            org.awaitility.Awaitility.await().until(() -> relay.calls() == 0 && relay.credit.open() == 0);
            assertThat(relay.credit.settled())
                    .allSatisfy(generation -> assertThat(generation.cost()).isEqualTo(Nanos.ZERO));
            assertThat(relay.credit.balance(RelayUnderTest.ACCOUNT)).isEqualTo(Nanos.parse("100.00"));
        }
    }

    private static void free(RelayUnderTest relay) {
        var generation = relay.generation();
        assertThat(generation.outcome()).isEqualTo(Outcome.CANCELLED_BEFORE_FIRST_TOKEN);
        assertThat(generation.cost()).isEqualTo(Nanos.ZERO);
        assertThat(relay.credit.balance(RelayUnderTest.ACCOUNT)).isEqualTo(Nanos.parse("100.00"));
    }

    private static void leave(RawClient client, boolean reset) throws IOException {
        if (reset) {
            client.reset();
        } else {
            client.close();
        }
    }
}
