package io.mixgateway.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FakeUpstreamIT {
    private static final String REQUEST = """
            {"model":"m","stream":true,"stream_options":{"include_usage":true},"messages":[]}""";

    private static HttpRequest post(FakeUpstream upstream, String body) {
        return HttpRequest.newBuilder(URI.create(upstream.baseUrl() + "/chat/completions"))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    @Test
    void sendsTheSameBytesHoweverTheyAreCutAndFramed() throws Exception {
        var chat = OpenAiChat.saying("Hi", ", ", "语言🙂");
        var expected = new String(chat.stream(true), UTF_8);
        try (var upstream = FakeUpstream.start();
                var client = HttpClient.newHttpClient()) {
            var whole = chat.streamed(true);
            upstream.then(
                    whole,
                    whole.cutEvery(7),
                    whole.cutRandomly(42),
                    whole.writesOf(1),
                    whole.cutEvery(7).untilClose(),
                    chat.eventByEvent(true).everyPieceAfter(Duration.ofMillis(1)));
            for (int i = 0; i < 6; i++) {
                // When
                var answer = client.send(post(upstream, REQUEST), BodyHandlers.ofString());
                // Then
                assertThat(answer.body()).isEqualTo(expected);
            }
            assertThat(upstream.requests()).hasSize(6).allSatisfy(request -> {
                assertThat(request.bodyText()).isEqualTo(REQUEST);
                assertThat(request.sent()).isEqualTo(expected.getBytes(UTF_8).length);
            });
            assertThat(upstream.trueUsage()).isEqualTo(Tokens.of(6 * 9, 6 * 3));
        }
    }

    @Test
    void breaksOffAtTheByteItWasTold() throws Exception {
        for (boolean reset : new boolean[] {false, true}) {
            try (var upstream = FakeUpstream.start()
                            .always(OpenAiChat.ofLength(5)
                                    .streamed(true)
                                    .cutEvery(9)
                                    .cutAt(100, reset));
                    var socket = request(upstream)) {
                var read = new ByteArrayOutputStream();
                if (reset) {
                    assertThatThrownBy(() -> socket.getInputStream().transferTo(read))
                            .isInstanceOf(SocketException.class);
                } else {
                    socket.getInputStream().transferTo(read);
                }
                assertThat(upstream.onlyRequest().sent()).isEqualTo(100);
                assertThat(upstream.onlyRequest().closedByPeer(Duration.ofMillis(50)))
                        .isFalse();
            }
        }
    }

    @Test
    void noticesItsPeerLeavingWhileItIsSilent() throws Exception {
        try (var upstream = FakeUpstream.start().always(Answer.silence())) {
            var socket = request(upstream);
            var request = upstream.awaitRequest(1);
            assertThat(request.closedByPeer(Duration.ofMillis(50))).isFalse();
            // When
            socket.close();
            // Then
            assertThat(request.closedByPeer(Duration.ofSeconds(1))).isTrue();
            assertThat(request.sent()).isZero();
        }
    }

    @Test
    void waitsForTheTestAtAByte() throws Exception {
        var gate = new CountDownLatch(1);
        try (var upstream = FakeUpstream.start()
                        .always(Answer.json(200, "{\"a\":1}").holdsAt(3, gate));
                var socket = request(upstream)) {
            socket.setSoTimeout(200);
            var read = new ByteArrayOutputStream();
            assertThatThrownBy(() -> socket.getInputStream().transferTo(read))
                    .isInstanceOf(SocketTimeoutException.class);
            assertThat(read.toString(UTF_8)).endsWith("\r\n\r\n{\"a");
            // When
            gate.countDown();
            // Then
            assertThat(socket.getInputStream().readNBytes(4)).isEqualTo("\":1}".getBytes(UTF_8));
        }
    }

    @Test
    void closesIdleConnectionsInSilence() throws Exception {
        try (var upstream = FakeUpstream.start()
                        .always(Answer.json(200, "{}"))
                        .closesIdleAfter(Duration.ofMillis(50), false);
                var socket = request(upstream)) {
            socket.setSoTimeout(2000);
            assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                    .endsWith("{}");
            assertThat(upstream.open()).isZero();
        }
    }

    @Test
    void canBeDeafDeadOrDumb() throws Exception {
        try (var deaf = FakeUpstream.thatNeverAccepts();
                var socket = new Socket()) {
            assertThatThrownBy(() ->
                            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), deaf.port()), 300))
                    .isInstanceOf(SocketTimeoutException.class);
        }
        int dead = FakeUpstream.deadPort();
        assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), dead).close())
                .isInstanceOf(IOException.class);
        try (var dumb = FakeUpstream.start().always(Answer.garbage("SSH-2.0-x\r\n".getBytes(UTF_8)));
                var socket = request(dumb)) {
            assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                    .isEqualTo("SSH-2.0-x\r\n");
        }
    }

    @Test
    void stopsReadingABodyWhenTold() throws Exception {
        try (var upstream = FakeUpstream.start().readsBodyOnlyTo(10);
                var socket = request(upstream)) {
            assertThat(socket.isConnected()).isTrue();
            org.awaitility.Awaitility.await()
                    .until(() -> !upstream.requests().isEmpty()
                            && upstream.requests().getFirst().body().length == 10);
            assertThat(upstream.onlyRequest().wholly()).isFalse();
        }
    }

    @Test
    void servesHundredsAtATime() throws Exception {
        var chat = OpenAiChat.ofLength(20);
        try (var upstream = FakeUpstream.answering(_ -> chat.eventByEvent(true).everyPieceAfter(Duration.ofMillis(2)));
                var client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = IntStream.range(0, 300)
                    .mapToObj(
                            _ -> threads.submit(() -> client.send(post(upstream, REQUEST), BodyHandlers.ofByteArray())))
                    .toList();
            for (var answer : answers) {
                assertThat(answer.get().body()).isEqualTo(chat.stream(true));
            }
            assertThat(upstream.requests()).hasSize(300);
        }
    }

    private static Socket request(FakeUpstream upstream) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), upstream.port());
        socket.getOutputStream()
                .write(("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: " + REQUEST.length()
                                + "\r\n\r\n" + REQUEST)
                        .getBytes(UTF_8));
        return socket;
    }
}
