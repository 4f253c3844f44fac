package io.mixgateway.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mixgateway.app.privacy.CanaryRun;
import io.mixgateway.app.privacy.Scanned;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/**
 * P7, must show 4: a marker goes through the chat and embeddings surfaces of the program as a process of its own, in success
 * and in every fault of a provider, and is then in no byte that was kept. A second marker, which is meant to be kept,
 * shows that the same scan finds what is there.
 */
class CanaryIT {
    private static final String CONTENT = "cnry7f3k9qz2m5xw8t1b";
    private static final String PLANTED = "plnt4h8d2vy6r0jc3n9s";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    private Path folder;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @BeforeEach
    void letPostgresIn() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
    }

    @Test
    void contentIsNowhereAfterEverySuccessAndEveryFault() throws Exception {
        // Given
        var data = folder.resolve("data");
        var temporary = Files.createDirectory(folder.resolve("tmp"));
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxrwxrwx"));
        var config = folder.resolve("mixgateway.yaml");
        var environment = Map.of(
                "MIXGATEWAY_LOG_LEVEL", "debug",
                "MIXGATEWAY_LOG_FORMAT", "json",
                "JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + temporary);
        String log;
        String metrics;
        int calls;
        try (var run = new CanaryRun(CONTENT)) {
            Files.writeString(config, run.configuration());

            // When: everything at once that a client and a provider can do
            try (var gateway = GatewayProcess.start(
                    environment,
                    List.of(
                            "serve",
                            "--json",
                            "--port",
                            "0",
                            "--data",
                            data.toString(),
                            "--config",
                            config.toString()))) {
                gateway.announced();
                var key = JSON.readTree(Files.readString(data.resolve("first-run.json")))
                        .get("api_key")
                        .asString();
                calls = run.through(gateway.uri("/"), key);
                metrics = get(gateway, key, "/metrics")
                        + get(gateway, key, "/readyz")
                        + get(gateway, key, "/api/v1/generations?limit=1000");
                plant(data, config);

                // and a call is cut off by a kill, so that nothing is tidied up
                run.leaveOneOpen(gateway.uri("/"), key);
                gateway.kill();
                log = gateway.log() + gateway.output();
            }
            // and another process books what the killed one left, and ends properly, with a checkpoint
            try (var again = GatewayProcess.start(
                    environment,
                    List.of(
                            "serve",
                            "--json",
                            "--port",
                            "0",
                            "--data",
                            data.toString(),
                            "--config",
                            config.toString()))) {
                again.announced();
                again.terminate();
                assertThat(again.status()).isZero();
                log += again.log() + again.output();
            }
        }

        // Then
        var scanned = new Scanned(CONTENT, PLANTED)
                .folder(data)
                .folder(temporary)
                .text("log", log)
                .text("metrics", metrics);
        System.out.println("Canary run: " + calls + " calls; " + scanned.report());
        assertThat(scanned.kept()).as("found what is meant to be kept").anyMatch(found -> found.contains("base/"));
        assertThat(scanned.kept()).as("also in the write-ahead log").anyMatch(found -> found.contains("pg_wal"));
        assertThat(scanned.content()).as("request content was kept").isEmpty();
        assertThat(scanned.bytes()).isGreaterThan(30_000_000);
        assertThat(log).contains("CONNECT", "BROKEN", "Ready on");
        assertThat(calls).isGreaterThan(100);
        try (var files = Files.walk(folder)) {
            assertThat(files.map(path -> path.getFileName().toString()))
                    .noneMatch(
                            name -> name.endsWith(".hprof") || name.startsWith("hs_err") || name.startsWith("core."));
        }
    }

    /** A word that is meant to be kept: the name of an account. */
    private static void plant(Path data, Path config) {
        try (var command = GatewayProcess.start(
                Map.of(),
                List.of(
                        "accounts",
                        "create",
                        "--email",
                        "planted@example.com",
                        "--name",
                        PLANTED,
                        "--data",
                        data.toString(),
                        "--config",
                        config.toString()))) {
            assertThat(command.status()).as(command.log()).isZero();
        }
    }

    private String get(GatewayProcess gateway, String key, String path) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(gateway.uri(path))
                .header("authorization", "Bearer " + key)
                .build();
        var answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        return new String(answer.body(), UTF_8);
    }
}
