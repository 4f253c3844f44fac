package io.mixgateway.relay.http;

import static io.mixgateway.relay.http.RelayUnderTest.ASK;
import static io.mixgateway.relay.http.RelayUnderTest.BEARER;
import static io.mixgateway.relay.http.RelayUnderTest.CHAT;
import static io.mixgateway.relay.http.RelayUnderTest.KEY;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mixgateway.testkit.FakeUpstream;
import io.mixgateway.testkit.OpenAiChat;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A connection that says nothing is closed, one whose provider thinks is not. */
class IdleConnectionsIT {
    private static final OpenAiChat TEN = OpenAiChat.ofLength(10);
    private static final Duration SOON = Duration.ofMillis(500);
    private static final Duration LONGER = Duration.ofMillis(1_200);
    private static final Duration MUCH_LATER = Duration.ofSeconds(15);

    @ParameterizedTest
    @ValueSource(
            strings = {"", "POST /v1/chat/comple", "PRI * HT", "POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\n"})
    void closesOneOnWhichNoHeadComes(String begun) throws Exception {
        try (var upstream = FakeUpstream.answering(TEN.always());
                var relay = RelayUnderTest.before(upstream).firstHead(SOON).start();
                var client = relay.client()) {
            client.send(begun);

            assertThat(client.isClosedWithin(MUCH_LATER)).isTrue();
        }
    }

    @Test
    void keepsOneWhoseProviderThinksAndBetweenCalls() throws Exception {
        try (var upstream = FakeUpstream.start().always(TEN.plain().headAfter(LONGER));
                var relay = RelayUnderTest.before(upstream).firstHead(SOON).start();
                var client = relay.client()) {
            assertThat(client.post(CHAT, BEARER, ASK.getBytes(UTF_8)).answer().status())
                    .isEqualTo(200);
            Thread.sleep(LONGER);
            assertThat(client.post(CHAT, BEARER, ASK.getBytes(UTF_8)).answer().status())
                    .isEqualTo(200);
            relay.settled(2);
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void keepsOneOfEitherHttp(Version version) throws Exception {
        try (var upstream = FakeUpstream.start().always(TEN.plain().headAfter(LONGER));
                var relay = RelayUnderTest.before(upstream).firstHead(SOON).start();
                var client = HttpClient.newBuilder().version(version).build()) {
            var ask = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + relay.port() + CHAT))
                    .header("authorization", "Bearer " + KEY)
                    .header("content-type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(ASK))
                    .build();
            for (int i = 0; i < 2; i++) {
                var answer = client.send(ask, BodyHandlers.ofString());
                assertThat(answer.version()).isEqualTo(version);
                assertThat(answer.statusCode()).isEqualTo(200);
                Thread.sleep(LONGER);
            }
            relay.settled(2);
        }
    }
}
