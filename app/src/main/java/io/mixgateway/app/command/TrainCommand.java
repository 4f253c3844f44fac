package io.mixgateway.app.command;

import io.mixgateway.app.FirstRun;
import io.mixgateway.app.Gateway;
import io.mixgateway.app.GatewayOptions;
import io.mixgateway.relay.outlet.Outlet;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;

/**
 * What the launcher runs once after a build, under {@code -XX:AOTCacheOutput}: a gateway's short life on a folder of
 * its own, so that the JVM notes which classes the next starts will want. A real start and real commands, because
 * what is not run here is loaded slowly there.
 */
@Command(name = "train", hidden = true, description = "Runs what the ahead-of-time cache should hold.")
final class TrainCommand extends OnData {
    private static final int CALLS = 30;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Override
    int run(GatewayOptions options, Output output) throws IOException, InterruptedException {
        var alone = new GatewayOptions(
                options.data(), Optional.empty(), Optional.empty(), Optional.of(0), Optional.of("127.0.0.1"), Map.of());
        try (var gateway = Gateway.start(alone)) {
            call(gateway);
            for (var command : List.of(
                    List.of("keys", "list"), List.of("credits", "show", "--json"), List.of("ledger", "verify"))) {
                command(options.data(), command);
            }
            gateway.drain();
        }
        command(options.data(), List.of("credits", "show"));
        return MixGateway.DONE;
    }

    private static void call(Gateway gateway) throws IOException, InterruptedException {
        var key = gateway.firstRun()
                .map(FirstRun::apiKey)
                .orElseThrow(() -> new CommandRefused("Train on an empty folder."));
        try (var client = Outlet.OWN_PORT.http(PATIENCE)) {
            for (int i = 0; i < CALLS; i++) {
                var body = "{\"model\":\"sandbox:echo\",\"stream\":" + (i % 2 == 0)
                        + ",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
                send(
                        client,
                        request(gateway, "/v1/chat/completions", key.reveal())
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build());
            }
            for (String path : List.of(
                    "/v1/models",
                    "/readyz",
                    "/metrics",
                    "/en",
                    "/en/models",
                    "/api/v1/credits",
                    "/api/v1/generations")) {
                send(client, request(gateway, path, key.reveal()).build());
            }
        }
    }

    private static HttpRequest.Builder request(Gateway gateway, String path, String key) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
                .version(HttpClient.Version.HTTP_1_1)
                .header("authorization", "Bearer " + key)
                .header("content-type", "application/json");
    }

    private static void send(HttpClient client, HttpRequest request) throws IOException, InterruptedException {
        var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new CommandRefused(request.uri().getPath() + " answered " + answer.statusCode());
        }
    }

    private static void command(Path data, List<String> words) {
        try (var nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            var line = new java.util.ArrayList<>(words);
            line.addAll(List.of("--data", data.toString()));
            int status = MixGateway.run(line.toArray(String[]::new), Map.of(), nowhere, nowhere);
            if (status != MixGateway.DONE) {
                throw new CommandRefused(String.join(" ", words) + " ended with " + status);
            }
        }
    }
}
