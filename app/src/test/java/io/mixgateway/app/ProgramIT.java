package io.mixgateway.app;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The program as a process, with a PostgreSQL of its own: start, stop, kill, and what it says when it cannot. */
class ProgramIT {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    private Path folder;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @BeforeEach
    void letPostgresIn() throws IOException {
        // As root, PostgreSQL runs as somebody else.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
    }

    @Test
    void commandsWorkWithoutAServerAndAKillLosesNothing() throws Exception {
        var data = folder.resolve("data");
        String key;
        try (var first = GatewayProcess.serve(data)) {
            assertThat(first.announced().get("first_start").asBoolean()).isTrue();
            key = firstRun(data).get("api_key").asString();
            assertThat(call(first, key, "sandbox:echo").statusCode()).isEqualTo(200);
            first.kill();
        }

        // Without a server: the books of what the killed one left.
        try (var verify =
                GatewayProcess.start(Map.of(), List.of("ledger", "verify", "--json", "--data", data.toString()))) {
            assertThat(verify.status()).as(verify.output() + verify.log()).isZero();
        }

        try (var second = GatewayProcess.serve(data)) {
            assertThat(second.announced().get("first_start").asBoolean()).isFalse();
            assertThat(call(second, key, "sandbox:echo").statusCode()).isEqualTo(200);
            var listed = JSON.readTree(get(second, key, "/api/v1/generations").body());
            assertThat(listed.get("data")).isNotEmpty();

            try (var beside =
                    GatewayProcess.start(Map.of(), List.of("serve", "--port", "0", "--data", data.toString()))) {
                assertThat(beside.status()).isEqualTo(1);
                assertThat(beside.log()).contains("is served by", "--data").doesNotContain("\tat ");
            }
            second.terminate();
            assertThat(second.status()).as(second.log()).isZero();
        }
    }

    @Test
    void aTakenPortIsNamedBeforeAnythingElseIsDone() throws IOException {
        var data = folder.resolve("data");
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var refused = GatewayProcess.start(
                        Map.of(),
                        List.of(
                                "serve",
                                "--data",
                                data.toString(),
                                "--port",
                                Integer.toString(taken.getLocalPort())))) {
            assertThat(refused.status()).isEqualTo(1);
            assertThat(refused.log())
                    .contains(Integer.toString(taken.getLocalPort()), "--port")
                    .doesNotContain("\tat ", "Exception");
        }
        assertThat(data.resolve("postgres")).doesNotExist();
    }

    @Test
    void termLetsARunningCallFinish() throws Exception {
        var data = folder.resolve("data");
        try (var gateway = GatewayProcess.serve(data)) {
            var key = firstRun(data).get("api_key").asString();
            var slow = CompletableFuture.supplyAsync(() -> call(gateway, key, "sandbox:slow"));
            Thread.sleep(300);

            gateway.terminate();

            assertThat(slow.get().statusCode()).isEqualTo(200);
            assertThat(gateway.status()).as(gateway.log()).isZero();
        }
    }

    @Test
    void aSecondSignalDoesNotWaitForRunningCalls() throws Exception {
        var data = folder.resolve("data");
        try (var gateway = GatewayProcess.serve(data)) {
            var key = firstRun(data).get("api_key").asString();
            var slow = longStream(gateway, key);
            gateway.terminate();
            await().atMost(20, SECONDS).until(() -> gateway.log().contains("waiting for 1 calls"));

            gateway.terminate();

            assertThat(gateway.status()).as(gateway.log()).isEqualTo(130);
            assertThatThrownBy(slow::readAllBytes).isInstanceOf(IOException.class);
        }
        try (var again = GatewayProcess.serve(data)) {
            assertThat(again.announced().get("first_start").asBoolean()).isFalse();
        }
    }

    @Test
    void hangUpReadsTheConfigurationAgainAndEndsNothing() throws Exception {
        assumeFalse(hangUpIsIgnored(), "started under nohup: so are our children, and a JVM leaves that as it is");
        var data = folder.resolve("data");
        Files.createDirectories(data);
        var file = data.resolve("mixgateway.yaml");
        Files.writeString(file, "limits: {max-body: 1MB}\n");
        try (var gateway = GatewayProcess.serve(data)) {
            Files.writeString(file, "limits: {max-boddy: 1MB}\n");
            await().atMost(10, SECONDS).untilAsserted(() -> hasComplained(gateway, 1));

            // The file is as it was: of itself nothing more would be said of it.
            gateway.hangUp();

            await().atMost(10, SECONDS).untilAsserted(() -> hasComplained(gateway, 2));
            var key = firstRun(data).get("api_key").asString();
            assertThat(call(gateway, key, "sandbox:echo").statusCode()).isEqualTo(200);
        }
    }

    private static boolean hangUpIsIgnored() throws IOException {
        var status = Path.of("/proc/self/status");
        return Files.exists(status)
                && Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("SigIgn:"))
                        .anyMatch(line ->
                                (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 1) != 0);
    }

    private static void hasComplained(GatewayProcess gateway, int times) {
        var log = gateway.log();
        assertThat(log.lines().filter(line -> line.contains("stays in force") && line.contains("max-boddy")))
                .as(log)
                .hasSize(times);
    }

    @Test // FAILURES 104, 105
    void noSecretIsInOutputOrLog() throws Exception {
        var data = folder.resolve("data");
        Files.createDirectories(data);
        Files.writeString(data.resolve("mixgateway.yaml"), """
                providers:
                  gone:
                    dialect: openai
                    base-url: http://127.0.0.1:1/v1
                    api-key: ${CANARY}
                    models: [{id: m, price: {input: 1, output: 1}}]
                """);
        var canary = "CANARY-upstream-key-0123456789";
        var environment = Map.of("CANARY", canary, "MIXGATEWAY_LOG_LEVEL", "debug");
        try (var gateway = GatewayProcess.start(
                environment, List.of("serve", "--json", "--port", "0", "--data", data.toString()))) {
            gateway.announced();
            var first = firstRun(data);
            var key = first.get("api_key").asString();
            var failed = call(gateway, key, "gone:m");
            assertThat(failed.statusCode()).isEqualTo(502);
            var wrong = call(gateway, "sk-mg-CANARYwrongCANARYwrongCANARYwrong", "sandbox:echo");
            assertThat(wrong.statusCode()).isEqualTo(401);
            gateway.terminate();
            gateway.status();

            assertThat(gateway.log()).contains("\"message\":\"Ready on ");
            for (String text : List.of(failed.body(), wrong.body(), gateway.output(), gateway.log())) {
                assertThat(text)
                        .doesNotContain(canary)
                        .doesNotContain("CANARYwrong")
                        .doesNotContain(key)
                        .doesNotContain(first.get("admin_setup_url").asString())
                        .doesNotContain(Files.readString(data.resolve("postgres/password"))
                                .strip());
            }
        }
    }

    private static JsonNode firstRun(Path data) throws IOException {
        return JSON.readTree(Files.readString(data.resolve("first-run.json")));
    }

    private HttpResponse<String> call(GatewayProcess gateway, String key, String model) {
        return send(chat(
                gateway,
                key,
                "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}"));
    }

    private static HttpRequest chat(GatewayProcess gateway, String key, String body) {
        return HttpRequest.newBuilder(gateway.uri("/v1/chat/completions"))
                .header("authorization", "Bearer " + key)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    /** A stream that has begun, and goes on for a minute. */
    private InputStream longStream(GatewayProcess gateway, String key) throws IOException, InterruptedException {
        var request = chat(
                gateway,
                key,
                "{\"model\":\"sandbox:slow\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\""
                        + "Hello ".repeat(600) + "\"}]}");
        return client.send(request, HttpResponse.BodyHandlers.ofInputStream()).body();
    }

    private HttpResponse<String> get(GatewayProcess gateway, String key, String path) {
        return send(HttpRequest.newBuilder(gateway.uri(path))
                .header("authorization", "Bearer " + key)
                .build());
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException broken) {
            throw new java.io.UncheckedIOException(broken);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
