package io.mixgateway.relay.http;

import static io.mixgateway.relay.http.RelayUnderTest.ASK;
import static io.mixgateway.relay.http.RelayUnderTest.ASK_STREAM_WITH_USAGE;
import static io.mixgateway.relay.http.RelayUnderTest.BEARER;
import static io.mixgateway.relay.http.RelayUnderTest.CHAT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mixgateway.relay.view.AskedForUsage;
import io.mixgateway.testkit.Answer;
import io.mixgateway.testkit.FakeUpstream;
import io.mixgateway.testkit.OpenAiChat;
import io.mixgateway.testkit.RandomChat;
import io.mixgateway.testkit.SseText;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Same dialect in and out: what the gateway has no business changing arrives as it was sent. */
class ByteFidelityIT {
    private static final int BODIES = 150;
    private static final OpenAiChat CHAT_ANSWER = OpenAiChat.saying("Hi", " 语言", " 👩‍👩‍👧🙂", "\"usage\":null");

    // FAILURES 93
    @Test
    void bodyReachesTheProviderByteForByteOutsideModelAndStreamOptions() throws Exception {
        try (var upstream = FakeUpstream.answering(CHAT_ANSWER.always());
                var relay = RelayUnderTest.serving(upstream);
                var client = relay.client()) {
            for (long seed = 0; seed < BODIES; seed++) {
                var chat = RandomChat.drawn(seed, "p0:m");
                var answer = client.post(CHAT, BEARER, chat.bytes()).answer();
                assertThat(answer.status()).as(chat + " " + answer.body()).isEqualTo(200);
                var sent = upstream.awaitRequest((int) seed + 1).body();
                if (chat.streams()) {
                    AskedForUsage.check(chat, "m", sent);
                } else {
                    assertThat(new String(sent, UTF_8)).isEqualTo(new String(chat.withModel("m"), UTF_8));
                }
            }
        }
    }

    // FAILURES 93: the client's bytes may come in any pieces, and without a length
    @Test
    void bodyMayComeInPieces() throws Exception {
        var body = RandomChat.drawn(11, "p0:m");
        try (var upstream = FakeUpstream.answering(CHAT_ANSWER.always());
                var relay = RelayUnderTest.serving(upstream);
                var client = relay.client()) {
            client.send("POST " + CHAT + " HTTP/1.1\r\nHost: x\r\n" + BEARER + "Transfer-Encoding: chunked\r\n\r\n");
            for (byte[] piece : io.mixgateway.testkit.Cuts.random(body.bytes(), 3)) {
                client.send(Integer.toHexString(piece.length) + "\r\n")
                        .send(piece)
                        .send("\r\n");
            }
            assertThat(client.send("0\r\n\r\n").answer().status()).isEqualTo(200);
            var sent = upstream.onlyRequest();
            assertThat(sent.header("content-length")).contains(Integer.toString(sent.body().length));
            assertThat(sent.json().path("messages")).isNotEmpty();
        }
    }

    // FAILURES 7
    @Test
    void plainAnswerReachesTheClientByteForByte() throws Exception {
        var expected = CHAT_ANSWER.plainBody();
        try (var upstream = FakeUpstream.start();
                var relay = RelayUnderTest.serving(upstream)) {
            for (Answer answer : cuts(CHAT_ANSWER.plain())) {
                upstream.then(answer);
                var got = relay.chat(ASK);
                assertThat(got.body()).isEqualTo(expected);
                assertThat(got.head().header("content-type")).contains("application/json");
            }
        }
    }

    // FAILURES 7, 8
    @Test
    void streamReachesTheClientByteForByteHoweverItIsSpelledAndCut() throws Exception {
        try (var upstream = FakeUpstream.start();
                var relay = RelayUnderTest.serving(upstream)) {
            for (SseText way : SseText.all()) {
                var stream = way.of(CHAT_ANSWER.azure().events(true));
                for (Answer answer : cuts(Answer.sse(stream))) {
                    upstream.then(answer);
                    try (var client = relay.open(ASK_STREAM_WITH_USAGE)) {
                        client.head();
                        assertThat(new String(client.rest(), UTF_8)).isEqualTo(new String(stream, UTF_8));
                    }
                }
            }
            assertThat(relay.credit.settled()).allSatisfy(generation -> {
                assertThat(generation.usage().total())
                        .isEqualTo(CHAT_ANSWER.reported().total());
            });
        }
    }

    private static List<Answer> cuts(Answer whole) {
        var cuts = new ArrayList<Answer>();
        cuts.add(whole);
        for (int size : new int[] {1, 7, 8, 93}) {
            cuts.add(whole.cutEvery(size));
            cuts.add(whole.cutEvery(size).chunked());
        }
        cuts.add(whole.writesOf(7).chunked());
        cuts.add(whole.untilClose());
        cuts.add(whole.cutRandomly(5).untilClose());
        return cuts;
    }
}
