package io.mixgateway.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.mixgateway.relay.call.AccountId;
import io.mixgateway.relay.call.CallRefused;
import io.mixgateway.relay.call.Caller;
import io.mixgateway.relay.call.KeyId;
import io.mixgateway.relay.call.Refusal;
import io.mixgateway.relay.port.Callers;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.SQLTransientConnectionException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WebRoutesIT {
    private static final Caller ADA =
            new Caller(new AccountId("acc-ada"), new KeyId("key-ada"), "ada's", Optional.empty());
    private static final Caller BYGONE = new Caller(
            new AccountId("acc-old"), new KeyId("key-old"), "old", Optional.of(Instant.parse("2020-01-01T00:00:00Z")));

    private final HttpClient client = HttpClient.newHttpClient();
    private final List<Route> routes = List.of(
            Route.get("/open", Permission.ANYONE, _ -> Answer.json(Map.of("open", true))),
            Route.get(
                    "/link/:secret",
                    Permission.SECRET_IN_PATH,
                    asked -> Answer.json(Map.of("s", asked.segment("secret")))),
            Route.get(
                    "/mine",
                    Permission.API_KEY,
                    asked -> Answer.json(
                            Map.of("account", asked.signedCaller().account().value()))),
            Route.post("/mine", Permission.API_KEY, asked -> Answer.json(asked.form())),
            Route.get("/refused", Permission.ANYONE, _ -> {
                throw new CallRefused(Refusal.INVALID_REQUEST, "limit: 0 (expected: 1 to 100)", "limit");
            }),
            Route.get("/away", Permission.ANYONE, _ -> {
                throw new IllegalStateException(
                        "no connection", new SQLTransientConnectionException("pool: hunter2 is not available"));
            }),
            Route.get("/broken", Permission.ANYONE, _ -> {
                throw new IllegalStateException("jdbc:postgresql://user:hunter2@db/x");
            }));
    private ServedRoutes served;

    @BeforeEach
    void start() throws Exception {
        served = new ServedRoutes(new TwoKeys(), routes, Door.CLOSED);
    }

    @AfterEach
    void stop() throws Exception {
        served.stop();
    }

    @Test
    void routesThatAskForAKeyAnswer401WithoutOneAndWithAWrongOne() throws Exception {
        for (Route route : routes) {
            if (route.permission() != Permission.API_KEY) {
                continue;
            }
            for (String key : new String[] {null, "sk-mg-wrong", "sk-mg-bygone"}) {
                var answer = ask(route.method().name(), route.path(), key);

                assertThat(answer.statusCode()).as("%s %s", route.path(), key).isEqualTo(401);
                assertThat(answer.body()).contains("\"code\":\"invalid_api_key\"");
            }
        }
    }

    @Test
    void aKeySeesItsOwnAccount() throws Exception {
        assertThat(ask("GET", "/mine", "sk-mg-ada").body()).isEqualTo("{\"account\":\"acc-ada\"}");
    }

    @Test
    void whatIsNotDeclaredIsNotThere() throws Exception {
        assertThat(ask("GET", "/mine/else", "sk-mg-ada").statusCode()).isEqualTo(404);
        assertThat(ask("DELETE", "/mine", "sk-mg-ada").statusCode()).isEqualTo(405);
    }

    @Test
    void refusalsHaveOpenAisShapeAndEveryAnswerAnId() throws Exception {
        var answer = ask("GET", "/refused", null);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body())
                .contains("\"param\":\"limit\"", "\"code\":\"invalid_request\"", "\"type\":\"invalid_request_error\"");
        assertThat(answer.headers().firstValue("x-request-id"))
                .hasValueSatisfying(id -> assertThat(id).startsWith("req-"));
    }

    @Test // FAILURES 104
    void aFaultOfOursTellsTheClientNothingOfItsInside() throws Exception {
        var answer = ask("GET", "/broken", null);

        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body())
                .doesNotContain("hunter2")
                .doesNotContain("postgresql")
                .contains("internal_error");
    }

    @Test
    void aDatabaseThatIsAwayIsNoFaultOfOurs() throws Exception {
        var answer = ask("GET", "/away", null);

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("retry-after")).contains("1");
        assertThat(answer.body()).contains("\"overloaded\"").doesNotContain("hunter2");
    }

    @Test
    void largeBodiesAreRefused() throws Exception {
        var answer = client.send(
                HttpRequest.newBuilder(uri("/mine"))
                        .header("authorization", "Bearer sk-mg-ada")
                        .header("content-type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString("a=" + "x".repeat(100_000)))
                        .build(),
                HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(413);
    }

    @Test
    void formsAreRead() throws Exception {
        var answer = client.send(
                HttpRequest.newBuilder(uri("/mine"))
                        .header("authorization", "Bearer sk-mg-ada")
                        .header("content-type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString("a=1&a=2"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());

        assertThat(answer.body()).isEqualTo("{\"a\":\"2\"}");
    }

    @ParameterizedTest
    @EnumSource
    void headIsAnsweredAsGetIsWithoutABody(HttpClient.Version version) throws Exception {
        for (String path : new String[] {"/open", "/mine", "/refused"}) {
            var get = ask(version, "GET", path);
            var head = ask(version, "HEAD", path);

            assertThat(head.statusCode()).as(path).isEqualTo(get.statusCode());
            assertThat(head.version()).isEqualTo(version);
            assertThat(head.body()).isEmpty();
            assertThat(head.headers().firstValueAsLong("content-length"))
                    .as(path)
                    .hasValue(get.body().length());
        }
    }

    @Test
    void aWrongMethodIsToldWhichOnesAreRight() throws Exception {
        var answer = ask("DELETE", "/mine", "sk-mg-ada");

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("allow")).contains("GET, HEAD, POST");
        assertThat(answer.body()).contains("Allowed: GET, HEAD, POST.");
        assertThat(ask("POST", "/open", null).headers().firstValue("allow")).contains("GET, HEAD");
    }

    @Test
    void aKeyMayComeInEveryHeaderThatSdksSendItIn() throws Exception {
        for (String[] header : new String[][] {
            {"authorization", "Bearer sk-mg-ada"},
            {"authorization", "bearer\tsk-mg-ada"},
            {"x-api-key", "sk-mg-ada"},
            {"api-key", "sk-mg-ada"}
        }) {
            var request = HttpRequest.newBuilder(uri("/mine")).header(header[0], header[1]);

            assertThat(client.send(request.build(), HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .as(String.join(": ", header))
                    .isEqualTo(200);
        }
    }

    /** Frames by hand, as no client leaves it out: HEADERS of GET and http, by the static table, and a path. */
    @Test
    void aRequestOverHttp2WithoutAHostIsRefusedInOurShape() throws Exception {
        byte[] block = {(byte) 0x82, (byte) 0x86, 0x04, 5, '/', 'o', 'p', 'e', 'n'};
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), uri("/").getPort())) {
            var out = socket.getOutputStream();
            out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.write(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0});
            out.write(new byte[] {0, 0, (byte) block.length, 1, 5, 0, 0, 0, 1});
            out.write(block);
            out.flush();
            socket.setSoTimeout(10_000);

            assertThat(dataOfStream1(new DataInputStream(socket.getInputStream())))
                    .contains("\"code\":\"invalid_request\"", "which host it is for");
        }
    }

    private static String dataOfStream1(DataInputStream in) throws IOException {
        for (; ; ) {
            int length = (in.readUnsignedShort() << 8) + in.readUnsignedByte();
            int type = in.readUnsignedByte();
            in.readUnsignedByte();
            in.readInt();
            var frame = in.readNBytes(length);
            if (type == 0) {
                return new String(frame, StandardCharsets.UTF_8);
            }
        }
    }

    private HttpResponse<String> ask(HttpClient.Version version, String method, String path)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(uri(path))
                .version(version)
                .header("authorization", "Bearer sk-mg-ada")
                .method(method, HttpRequest.BodyPublishers.noBody());
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> ask(String method, String path, @Nullable String key)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(uri(path)).method(method, HttpRequest.BodyPublishers.noBody());
        if (key != null) {
            request.header("authorization", "Bearer " + key);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create(served.origin() + path);
    }

    /** One good key, and one whose end the cache has not noticed. */
    private static final class TwoKeys implements Callers {
        @Override
        public @Nullable Caller cached(String presentedKey) {
            return presentedKey.equals("sk-mg-bygone") ? BYGONE : null;
        }

        @Override
        public CompletionStage<Optional<Caller>> load(String presentedKey) {
            return CompletableFuture.completedFuture(
                    presentedKey.equals("sk-mg-ada") ? Optional.of(ADA) : Optional.empty());
        }
    }
}
