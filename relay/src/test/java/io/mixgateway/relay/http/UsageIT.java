package io.mixgateway.relay.http;

import static io.mixgateway.relay.http.RelayUnderTest.ASK;
import static io.mixgateway.relay.http.RelayUnderTest.ASK_STREAM;
import static io.mixgateway.relay.http.RelayUnderTest.ASK_STREAM_WITH_USAGE;
import static io.mixgateway.relay.http.RelayUnderTest.priceOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.mixgateway.relay.call.Generation;
import io.mixgateway.relay.call.Outcome;
import io.mixgateway.relay.catalog.Quirk;
import io.mixgateway.relay.meter.Usage;
import io.mixgateway.relay.meter.UsageSource;
import io.mixgateway.testkit.FakeUpstream;
import io.mixgateway.testkit.OpenAiChat;
import io.mixgateway.testkit.OpenAiChat.UsageIn;
import io.mixgateway.testkit.Sse;
import io.mixgateway.testkit.Tokens;
import java.util.HashSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every call is metered by the provider's own count, and the client sees no trace of our asking for it. */
class UsageIT {
    private static final OpenAiChat CHAT =
            OpenAiChat.saying("The", " answer", " is", " 42").using(new Tokens(1_000, 400, 904, 900));

    // FAILURES 1
    @Test
    void asksForTheUsageThatTheClientDidNotAskForAndTakesItOutAgain() throws Exception {
        try (var upstream = FakeUpstream.answering(CHAT.always());
                var relay = RelayUnderTest.serving(upstream)) {
            // When
            var answer = relay.chat(ASK_STREAM);
            // Then
            assertThat(answer.body())
                    .isEqualTo(new String(CHAT.stream(false), java.nio.charset.StandardCharsets.UTF_8));
            assertThat(upstream.onlyRequest()
                            .json()
                            .at("/stream_options/include_usage")
                            .asBoolean())
                    .isTrue();
            meteredAsTheProviderDid(relay.generation());
        }
    }

    // FAILURES 1: the client cannot switch the metering off
    @Test
    void metersWhatTheClientForbadeToCount() throws Exception {
        try (var upstream = FakeUpstream.answering(CHAT.always());
                var relay = RelayUnderTest.serving(upstream)) {
            var answer =
                    relay.chat(ASK_STREAM_WITH_USAGE.replace("{\"include_usage\":true}", "{\"include_usage\":false}"));
            assertThat(Sse.read(answer.body()).data()).isEqualTo(CHAT.events(false));
            meteredAsTheProviderDid(relay.generation());
        }
    }

    // FAILURES 1, 36
    @ParameterizedTest
    @EnumSource(value = UsageIn.class, mode = EnumSource.Mode.EXCLUDE, names = "NOWHERE")
    void readsTheUsageWhereverTheProviderPutsIt(UsageIn where) throws Exception {
        var chat = CHAT.usageIn(where);
        try (var upstream = FakeUpstream.answering(chat.always());
                var relay = RelayUnderTest.serving(upstream)) {
            assertThat(Sse.read(relay.chat(ASK_STREAM).body()).data())
                    .isEqualTo(chat.usageIn(UsageIn.NOWHERE).events(false));
            assertThat(Sse.read(relay.chat(ASK_STREAM_WITH_USAGE).body()).data())
                    .isEqualTo(chat.events(true));
            relay.settled(2).forEach(UsageIT::meteredAsTheProviderDid);
        }
    }

    @Test
    void readsTheUsageOfAPlainAnswer() throws Exception {
        try (var upstream = FakeUpstream.answering(CHAT.always());
                var relay = RelayUnderTest.serving(upstream)) {
            assertThat(relay.chat(ASK).body()).isEqualTo(CHAT.plainBody());
            meteredAsTheProviderDid(relay.generation());
            assertThat(relay.credit.balance(RelayUnderTest.ACCOUNT).toDecimal()).isEqualTo("99.9982736");
        }
    }

    // FAILURES 2
    @Test
    void doesNotAskAProviderThatRejectsTheAsking() throws Exception {
        try (var upstream = FakeUpstream.answering(CHAT.usageIn(UsageIn.NOWHERE).rejectingStreamOptions());
                var relay = RelayUnderTest.before(upstream)
                        .quirks(Quirk.REJECTS_STREAM_OPTIONS)
                        .start()) {
            var answer = relay.chat(ASK_STREAM);
            assertThat(Sse.read(answer.body()).data())
                    .isEqualTo(CHAT.usageIn(UsageIn.NOWHERE).events(false));
            estimated(relay.generation());
        }
    }

    // FAILURES 2: a client that asks by habit is served all the same
    @Test
    void doesNotPassTheAskingOnToAProviderThatRejectsIt() throws Exception {
        try (var upstream = FakeUpstream.answering(CHAT.usageIn(UsageIn.NOWHERE).rejectingStreamOptions());
                var relay = RelayUnderTest.before(upstream)
                        .quirks(Quirk.REJECTS_STREAM_OPTIONS)
                        .start()) {
            var answer = relay.chat(ASK_STREAM_WITH_USAGE);
            assertThat(Sse.read(answer.body()).data())
                    .isEqualTo(CHAT.usageIn(UsageIn.NOWHERE).events(false));
            estimated(relay.generation());
        }
    }

    // FAILURES 2: never 0 where the provider does not tell
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void countsItselfWhereTheProviderTellsNothing(boolean inPieces) throws Exception {
        var silent = CHAT.usageIn(UsageIn.NOWHERE);
        try (var upstream = FakeUpstream.answering(
                        request -> inPieces ? silent.answer(request).cutEvery(7) : silent.answer(request));
                var relay = RelayUnderTest.serving(upstream)) {
            assertThat(Sse.read(relay.chat(ASK_STREAM).body()).data()).isEqualTo(silent.events(false));
            assertThat(relay.chat(ASK).body()).isEqualTo(silent.plainBody());
            relay.settled(2).forEach(UsageIT::estimated);
            assertThat(relay.meters.get("mixgateway.usage.estimated").counter().count())
                    .isEqualTo(2);
        }
    }

    // FAILURES 4
    @Test
    void toleratesAFirstChunkWithoutChoices() throws Exception {
        var azure = CHAT.azure();
        try (var upstream = FakeUpstream.answering(azure.always());
                var relay = RelayUnderTest.serving(upstream)) {
            assertThat(Sse.read(relay.chat(ASK_STREAM).body()).data()).isEqualTo(azure.events(false));
            meteredAsTheProviderDid(relay.generation());
        }
    }

    // FAILURES 21, 37
    @Test
    void namesEachGenerationItselfWhateverIdsTheProviderGives() throws Exception {
        try (var upstream = FakeUpstream.answering(CHAT.id("").always());
                var relay = RelayUnderTest.serving(upstream)) {
            var told = new HashSet<String>();
            for (int i = 0; i < 50; i++) {
                var answer = relay.chat(i % 2 == 0 ? ASK_STREAM : ASK);
                told.add(answer.head().header("x-mixgateway-generation").orElseThrow());
            }
            assertThat(relay.settled(50).stream()
                            .map(generation -> generation.id().value()))
                    .containsExactlyInAnyOrderElementsOf(told);
        }
    }

    // FAILURES 25: a sum that does not fit is flagged and never clamped
    @Test
    void flagsAUsageThatDoesNotAddUp() throws Exception {
        var body = CHAT.plainBody().replace("\"total_tokens\" : 1904", "\"total_tokens\" : 5000");
        try (var upstream = FakeUpstream.start().always(io.mixgateway.testkit.Answer.json(200, body));
                var relay = RelayUnderTest.serving(upstream)) {
            assertThat(relay.chat(ASK).body()).isEqualTo(body).contains("5000");
            assertThat(relay.generation().usage().addsUp()).isFalse();
            assertThat(relay.generation().cost())
                    .isEqualTo(new io.mixgateway.relay.money.Nanos(600 * 400 + 400 * 100 + 904 * 1600));
            assertThat(relay.meters.get("mixgateway.usage.mismatches").counter().count())
                    .isEqualTo(1);
        }
    }

    private static void meteredAsTheProviderDid(Generation generation) {
        assertThat(generation.usage()).isEqualTo(new Usage(600, 400, 0, 0, 4, 900, 0, 0, 0, 0, 1_904));
        assertThat(generation.usageSource()).isEqualTo(UsageSource.PROVIDER);
        assertThat(generation.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(generation.cost().value()).isEqualTo(600 * 400 + 400 * 100 + 904 * 1_600);
        assertThat(generation.modelServed()).isEqualTo("gpt-4.1-mini-2026-01-01");
    }

    /** "The answer is 42" is four or five tokens, a prompt of "Hello" some five to twelve. */
    private static void estimated(Generation generation) {
        assertThat(generation.usageSource()).isEqualTo(UsageSource.ESTIMATED);
        assertThat(generation.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(generation.usage().output()).isBetween(4L, 6L);
        assertThat(generation.usage().input()).isBetween(3L, 20L);
        assertThat(generation.cost())
                .isEqualTo(
                        priceOf(generation.usage().input(), generation.usage().output()));
    }
}
