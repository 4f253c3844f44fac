package io.mixgateway.relay.upstream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.NetClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Http1ConnectionsTest {
    private static final String OK = "HTTP/1.1 200 OK\r\n";

    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final NetClient client = vertx.createNetClient();

    @BeforeEach
    void begin() {
        assertThat(context.isEventLoopContext()).isTrue();
    }

    @AfterEach
    void end() {
        vertx.close().await();
    }

    @Test
    void carriesCallAfterCallOnOneConnection() throws Exception {
        try (var provider = new Provider(n -> OK + "content-length: 1\r\n\r\n" + n)) {
            var connections = connections(provider, 10);

            assertThat(List.of(call(connections), call(connections), call(connections)))
                    .containsExactly("200 1", "200 2", "200 3");
            assertThat(provider.connections).hasValue(1);
            assertThat(provider.lastBody).isEqualTo("{\"hello\":1}");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 1\r\n\r\nx",
                "HTTP/1.0 200 OK\r\ncontent-length: 1\r\n\r\nx",
                "HTTP/1.1 200 OK\r\nkeep-alive: max=5, timeout=1\r\ncontent-length: 1\r\n\r\nx",
                // More than was asked for: whose answer would that be?
                "HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nxHTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\ny"
            })
    void takesAnotherConnectionAfterAnAnswerThatForbidsIt(String answer) throws Exception {
        try (var provider = new Provider(_ -> answer)) {
            var connections = connections(provider, 10);

            assertThat(List.of(call(connections), call(connections))).containsExactly("200 x", "200 x");
            assertThat(provider.connections).hasValue(2);
        }
    }

    @Test // RFC 9110, 15.2
    void passesOverInterimAnswers() throws Exception {
        try (var provider =
                new Provider(n -> "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n" + OK
                        + "content-length: 1\r\n\r\n" + n)) {
            var connections = connections(provider, 10);

            assertThat(List.of(call(connections), call(connections))).containsExactly("200 1", "200 2");
            assertThat(provider.connections).hasValue(1);
        }
    }

    @Test
    void failsACallThatCannotBeConnected() throws Exception {
        int port;
        try (var nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = nobody.getLocalPort();
        }

        assertThat(call(new Http1Connections(client, "127.0.0.1", port, 10))).isEqualTo("failed CONNECT");
    }

    @ParameterizedTest
    @CsvSource({"0,200 1", "1,200 1", "2,failed CONNECT"})
    void connectsOnceMoreWhatWasClosedOnOurSide(int closes, String heard) throws Exception {
        try (var provider = new Provider(n -> OK + "content-length: 1\r\n\r\n" + n)) {
            var connections = new Http1Connections(closingFirst(closes), "127.0.0.1", provider.port(), 10);

            assertThat(call(connections)).isEqualTo(heard);
        }
    }

    /** Fails so many connects as Netty does when it closes the channel itself. */
    private NetClient closingFirst(int times) {
        var left = new AtomicInteger(times);
        return (NetClient) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {NetClient.class},
                (_, method, arguments) -> left.getAndDecrement() > 0
                        ? Future.failedFuture(new ClosedChannelException())
                        : method.invoke(client, arguments));
    }

    @Test
    void failsCallsBeyondItsBound() throws Exception {
        try (var provider = new Provider(n -> OK + "content-length: 1\r\n\r\n" + n)) {
            assertThat(call(connections(provider, 0))).isEqualTo("failed CONNECT");
            assertThat(provider.connections).hasValue(0);
        }
    }

    @Test
    void closesWhatIsIdleForTooLong() throws Exception {
        try (var provider = new Provider(n -> OK + "content-length: 1\r\n\r\n" + n)) {
            var connections = connections(provider, 10);
            call(connections);
            var closed = new CompletableFuture<Boolean>();
            context.runOnContext(_ -> {
                connections.closeExpired(System.nanoTime() + TimeUnit.SECONDS.toNanos(16));
                vertx.setTimer(50, _ -> closed.complete(connections.isEmpty()));
            });

            assertThat(closed.get(5, TimeUnit.SECONDS)).isTrue();
            assertThat(call(connections)).isEqualTo("200 2");
            assertThat(provider.connections).hasValue(2);
        }
    }

    private Http1Connections connections(Provider provider, int most) {
        return new Http1Connections(client, "127.0.0.1", provider.port(), most);
    }

    /** {@code 200 body} or {@code failed KIND}. */
    private String call(Http1Connections connections) throws Exception {
        var heard = new CompletableFuture<String>();
        context.runOnContext(_ -> connections.send(
                new Http1Request("h", "/v1", MultiMap.caseInsensitiveMultiMap(), Buffer.buffer("{\"hello\":1}")),
                new Upstream.Listener() {
                    private String text = "";

                    @Override
                    public void head(int status, MultiMap headers) {
                        text = status + " ";
                    }

                    @Override
                    public void bytes(Buffer piece) {
                        text += piece.toString();
                    }

                    @Override
                    public void end() {
                        // Once the turn is over, so that the connection has been given back.
                        context.runOnContext(_ -> heard.complete(text));
                    }

                    @Override
                    public void failed(UpstreamFailure failure) {
                        heard.complete("failed " + failure.kind());
                    }
                },
                (ContextInternal) context,
                Duration.ofSeconds(5)));
        return heard.get(10, TimeUnit.SECONDS);
    }

    /** Answers the n-th request, counted from 1, with these bytes, and leaves closing to the other side. */
    private static final class Provider implements AutoCloseable {
        final AtomicInteger connections = new AtomicInteger();
        volatile String lastBody = "";
        private final AtomicInteger requests = new AtomicInteger();
        private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final IntFunction<String> answers;

        Provider(IntFunction<String> answers) throws IOException {
            this.answers = answers;
            Thread.ofVirtual().start(this::accept);
        }

        int port() {
            return server.getLocalPort();
        }

        private void accept() {
            while (!server.isClosed()) {
                try {
                    var socket = server.accept();
                    connections.incrementAndGet();
                    Thread.ofVirtual().start(() -> serve(socket));
                } catch (IOException _) {
                    return;
                }
            }
        }

        private void serve(Socket socket) {
            try (socket) {
                var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
                for (var line = in.readLine(); line != null; line = in.readLine()) {
                    int length = 0;
                    for (var header = in.readLine(); header != null && !header.isEmpty(); header = in.readLine()) {
                        if (header.startsWith("content-length: ")) {
                            length = Integer.parseInt(header.substring(16));
                        }
                    }
                    var body = new char[length];
                    for (int at = 0; at < length; ) {
                        at += in.read(body, at, length - at);
                    }
                    lastBody = new String(body);
                    socket.getOutputStream()
                            .write(answers.apply(requests.incrementAndGet()).getBytes(UTF_8));
                }
            } catch (IOException e) {
                if (!server.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }
}
