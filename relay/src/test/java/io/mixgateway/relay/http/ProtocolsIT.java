package io.mixgateway.relay.http;

import static io.mixgateway.relay.http.RelayUnderTest.ASK;
import static io.mixgateway.relay.http.RelayUnderTest.ASK_STREAM;
import static io.mixgateway.relay.http.RelayUnderTest.CHAT;
import static io.mixgateway.relay.http.RelayUnderTest.KEY;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mixgateway.relay.call.Outcome;
import io.mixgateway.testkit.FakeUpstream;
import io.mixgateway.testkit.OpenAiChat;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTP/2 in clear text and over TLS, and HTTPS: the same calls, the same ends. */
class ProtocolsIT {
    private static final OpenAiChat TEN = OpenAiChat.ofLength(10);
    private static final char[] PASSWORD = "changeit".toCharArray();

    @Test
    void servesHttp2InClearText() throws Exception {
        try (var upstream = FakeUpstream.answering(TEN.always());
                var relay = RelayUnderTest.serving(upstream);
                var client = HttpClient.newBuilder().version(Version.HTTP_2).build()) {
            var base = "http://127.0.0.1:" + relay.port();
            for (String ask : new String[] {ASK, ASK_STREAM}) {
                var answer = client.send(post(base, ask), BodyHandlers.ofString());
                assertThat(answer.version()).isEqualTo(Version.HTTP_2);
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(answer.body())
                        .isEqualTo(ask.equals(ASK) ? TEN.plainBody() : new String(TEN.stream(false), UTF_8));
            }
            relay.settled(2);
        }
    }

    @Test
    void carriesManyStreamsOnOneHttp2Connection() throws Exception {
        try (var upstream = FakeUpstream.answering(request -> TEN.id(
                                request.json().at("/messages/0/content").asString())
                        .eventByEvent(true)
                        .everyPieceAfter(Duration.ofMillis(5)));
                var relay = RelayUnderTest.serving(upstream);
                var client = HttpClient.newBuilder().version(Version.HTTP_2).build()) {
            var base = "http://127.0.0.1:" + relay.port();
            client.send(post(base, ASK_STREAM), BodyHandlers.ofString()); // the upgrade
            var answers = IntStream.range(0, 60)
                    .mapToObj(i -> client.sendAsync(
                            post(base, ASK_STREAM.replace("Hello", "id-" + i)), BodyHandlers.ofString()))
                    .toList();
            for (int i = 0; i < answers.size(); i++) {
                assertThat(answers.get(i).get().body()).isEqualTo(new String(TEN.id("id-" + i).stream(false), UTF_8));
            }
            relay.settled(61);
        }
    }

    // FAILURES 17: a reset stream of HTTP/2 is a client that left, and its connection goes on
    @Test
    void cancelsWhenAnHttp2StreamIsReset() throws Exception {
        try (var upstream = FakeUpstream.answering(request -> request.bodyText().contains("long")
                        ? OpenAiChat.ofLength(500).eventByEvent(true).everyPieceAfter(Duration.ofMillis(20))
                        : TEN.answer(request));
                var relay = RelayUnderTest.serving(upstream);
                var client = HttpClient.newBuilder().version(Version.HTTP_2).build()) {
            var base = "http://127.0.0.1:" + relay.port();
            client.send(post(base, ASK), BodyHandlers.ofString());
            var answer = client.send(post(base, ASK_STREAM.replace("Hello", "long")), BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                assertThat(body.readNBytes(2_000)).hasSize(2_000);
            }
            assertThat(upstream.awaitRequest(2).closedByPeer(Duration.ofSeconds(1)))
                    .isTrue();
            assertThat(relay.settled(2).get(1).outcome()).isEqualTo(Outcome.CANCELLED);
            assertThat(client.send(post(base, ASK), BodyHandlers.ofString()).body())
                    .isEqualTo(TEN.plainBody());
        }
    }

    @Test
    void servesHttpsWithBothVersions(@TempDir Path folder) throws Exception {
        var store = selfSigned(folder);
        var tls = new Listen.Tls(
                pem(
                        folder.resolve("cert.pem"),
                        "CERTIFICATE",
                        store.getCertificate("test").getEncoded()),
                pem(folder.resolve("key.pem"), "PRIVATE KEY", key(store).getEncoded()));
        try (var upstream = FakeUpstream.answering(TEN.always());
                var relay = RelayUnderTest.before(upstream).tls(tls).start()) {
            for (Version version : Version.values()) {
                if (version != Version.HTTP_1_1 && version != Version.HTTP_2) {
                    continue;
                }
                try (var client = HttpClient.newBuilder()
                        .version(version)
                        .sslContext(trusting(store.getCertificate("test")))
                        .build()) {
                    var answer =
                            client.send(post("https://localhost:" + relay.port(), ASK_STREAM), BodyHandlers.ofString());
                    assertThat(answer.version()).isEqualTo(version);
                    assertThat(answer.body()).isEqualTo(new String(TEN.stream(false), UTF_8));
                }
            }
            relay.settled(2);
        }
    }

    private static HttpRequest post(String base, String body) {
        return HttpRequest.newBuilder(URI.create(base + CHAT))
                .header("Authorization", "Bearer " + KEY)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private static KeyStore selfSigned(Path folder) throws Exception {
        var file = folder.resolve("test.p12");
        var keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "test",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost,ip:127.0.0.1",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        new String(PASSWORD))
                .redirectErrorStream(true)
                .start();
        keytool.getInputStream().readAllBytes();
        assertThat(keytool.waitFor()).isZero();
        var store = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        return store;
    }

    private static Key key(KeyStore store) throws Exception {
        return java.util.Objects.requireNonNull(store.getKey("test", PASSWORD));
    }

    private static Path pem(Path file, String what, byte[] der) throws Exception {
        var text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return Files.writeString(file, "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n");
    }

    private static SSLContext trusting(Certificate certificate) throws Exception {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("test", certificate);
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        var context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
