package io.mixgateway.relay.http;

import static io.mixgateway.relay.http.RelayUnderTest.ASK_STREAM;
import static io.mixgateway.relay.http.RelayUnderTest.BEARER;
import static io.mixgateway.relay.http.RelayUnderTest.CHAT;
import static io.mixgateway.relay.http.RelayUnderTest.SHORT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mixgateway.relay.call.Outcome;
import io.mixgateway.testkit.Answer;
import io.mixgateway.testkit.FakeUpstream;
import io.mixgateway.testkit.OpenAiChat;
import io.mixgateway.testkit.RawClient;
import io.mixgateway.testkit.Received;
import io.mixgateway.testkit.Sse;
import io.mixgateway.testkit.SseText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** FAILURES 22 and 23: a client that does not read costs bounded memory, and no stream's bytes get into another. */
class BackPressureIT {
    private static final OpenAiChat CHUNK = OpenAiChat.saying("x").padded("p".repeat(16_000));
    private static final byte[] PIECE =
            SseText.PLAIN.of(List.of(CHUNK.events(false).get(1)));
    private static final int PIECES = 4_000;
    /** What sockets on the way may hold: send and receive buffers of two connections, tuned by the system up to 33 MB. */
    private static final long ON_THE_WAY = 45_000_000;

    /** A thousand connections at once take their time on a busy machine. */
    private static final Limits PATIENT = new Limits(
            1_000_000,
            64 * 1024,
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            Duration.ofMinutes(5),
            20_000);

    private static Answer endless() {
        var pieces = new ArrayList<byte[]>();
        for (int i = 0; i < PIECES; i++) {
            pieces.add(PIECE);
        }
        pieces.add(CHUNK.stream(false));
        return Answer.sse(new byte[0]).pieces((Iterable<byte[]>) pieces);
    }

    // FAILURES 22
    @Test
    void readsFromTheProviderNoFasterThanTheClientDoes() throws Exception {
        try (var upstream = FakeUpstream.start().always(endless());
                var relay = RelayUnderTest.before(upstream)
                        .maxOutput(java.util.OptionalLong.of(100_000))
                        .start();
                var client = RawClient.withSmallWindowTo(relay.port())) {
            client.post(CHAT, BEARER, ASK_STREAM.getBytes(UTF_8)).head();
            var request = upstream.awaitRequest(1);
            long stoodAt = standsStill(request);
            assertThat(stoodAt).isLessThan(ON_THE_WAY);
            // When the client reads on
            long length = client.rest().length;
            // Then all of it comes
            assertThat(length).isEqualTo(request.sent()).isGreaterThan((long) PIECES * PIECE.length);
            assertThat(relay.generation().outcome()).isEqualTo(Outcome.COMPLETED);
        }
    }

    // FAILURES 22: and a client that never reads is taken for dead
    @Test
    void dropsAClientThatNeverReads() throws Exception {
        try (var upstream = FakeUpstream.start().always(endless());
                var relay = RelayUnderTest.before(upstream)
                        .limits(SHORT)
                        .maxOutput(java.util.OptionalLong.of(100_000))
                        .start();
                var client = RawClient.withSmallWindowTo(relay.port())) {
            client.post(CHAT, BEARER, ASK_STREAM.getBytes(UTF_8)).head();
            var request = upstream.awaitRequest(1);
            assertThat(request.closedByPeer(Duration.ofSeconds(10))).isTrue();
            assertThat(request.sent()).isLessThan(ON_THE_WAY);
            assertThat(relay.generation().outcome()).isEqualTo(Outcome.CANCELLED);
            assertThat(relay.generation().cost().isPositive()).isTrue();
            await().until(() -> relay.calls() == 0);
        }
    }

    // FAILURES 22: clients that leave right after asking
    @Test
    void forgetsClientsThatLeaveAtOnce() throws Exception {
        try (var upstream = FakeUpstream.start()
                        .always(OpenAiChat.ofLength(50).eventByEvent(true).everyPieceAfter(Duration.ofMillis(5)));
                var relay = RelayUnderTest.serving(upstream)) {
            for (int i = 0; i < 300; i++) {
                relay.open(ASK_STREAM).reset();
            }
            await().atMost(Duration.ofSeconds(20)).until(() -> relay.calls() == 0 && relay.credit.open() == 0);
            assertThat(relay.bytesHeld()).isZero();
            await().until(() ->
                    upstream.requests().stream().allMatch(request -> request.closedByPeer(Duration.ofSeconds(1))));
        }
    }

    // FAILURES 23
    @Test
    void keepsAThousandStreamsApartWhileSomeAreCancelled() throws Exception {
        int streams = 1_000;
        try (var upstream = FakeUpstream.answering(BackPressureIT::echoesItsMarker);
                var relay = RelayUnderTest.before(upstream).limits(PATIENT).start();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var tasks = new ArrayList<Callable<Boolean>>();
            for (int i = 0; i < streams; i++) {
                int number = i;
                tasks.add(() -> hearsOnlyItself(relay, number));
            }
            int whole = 0;
            for (var heard : threads.invokeAll(tasks)) {
                whole += heard.get() ? 1 : 0;
            }
            assertThat(whole).isBetween(600, 800);
            var settled = relay.settled(streams);
            assertThat(settled.stream().filter(generation -> generation.outcome() == Outcome.COMPLETED))
                    .hasSizeGreaterThanOrEqualTo(whole);
            assertThat(settled.stream().map(generation -> generation.id()).distinct())
                    .hasSize(streams);
        }
    }

    private static Answer echoesItsMarker(Received request) {
        var marker = request.json().at("/messages/0/content").asString();
        var words = new String[12];
        java.util.Arrays.fill(words, marker);
        return OpenAiChat.saying(words).id(marker).eventByEvent(true).everyPieceAfter(Duration.ofMillis(20));
    }

    /** True when it read its stream to the end, false when it left before. */
    private static boolean hearsOnlyItself(RelayUnderTest relay, int number) throws Exception {
        var random = new Random(number);
        var marker = "<marker-" + number + ">";
        var body = ASK_STREAM.replace("Hello", marker);
        Thread.sleep(random.nextInt(1_500));
        try (var client = relay.open(body)) {
            var head = client.head();
            if (random.nextInt(10) < 3) {
                Thread.sleep(random.nextInt(200));
                client.reset();
                return false;
            }
            var rest = client.rest();
            assertThat(head.status()).as(new String(rest, UTF_8)).isEqualTo(200);
            var stream = Sse.read(rest);
            assertThat(stream.data()).hasSize(15).endsWith("[DONE]");
            assertThat(stream.data().subList(0, 14))
                    .allSatisfy(event -> assertThat(event).contains("\"id\":\"" + marker));
            assertThat(stream.data().subList(1, 13))
                    .allSatisfy(event -> assertThat(event).contains("\"content\":\"" + marker));
            return true;
        }
    }

    private static long standsStill(Received request) {
        long[] last = {-1};
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(700))
                .until(() -> {
                    boolean still = request.sent() == last[0] && last[0] > 0;
                    last[0] = request.sent();
                    return still;
                });
        return last[0];
    }
}
