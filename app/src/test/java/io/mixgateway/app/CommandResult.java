package io.mixgateway.app;

import io.mixgateway.app.command.MixGateway;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a command in this JVM came to. */
public record CommandResult(int status, String out, String err) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Runs a command on the same data as {@code options}. */
    public static CommandResult run(GatewayOptions options, String... words) {
        var line = new ArrayList<>(List.of(words));
        line.addAll(List.of("--data", options.data().toString()));
        options.config().ifPresent(file -> line.addAll(List.of("--config", file.toString())));
        options.databaseUrl().ifPresent(url -> line.addAll(List.of("--database-url", url)));
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int status = MixGateway.run(
                line.toArray(String[]::new),
                options.environment(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        return new CommandResult(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** Standard output, which must be one JSON document. */
    public JsonNode json() {
        return JSON.readTree(out);
    }
}
