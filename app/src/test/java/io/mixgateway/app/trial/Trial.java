package io.mixgateway.app.trial;

import io.mixgateway.app.GatewayOptions;
import io.mixgateway.app.GatewayProcess;
import io.mixgateway.app.command.MixGateway;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.json.JsonMapper;

/** A data folder, the real program that runs on it as a process, and clients that call it. */
final class Trial implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path data;
    private final List<String> more;
    private final GatewayOptions options;
    private final Load load;
    private final Instant began = Instant.now();
    private GatewayProcess gateway;

    /**
     * Starts the program for the first time and gives its owner enough credit.
     *
     * @param more words for the command line, such as an external database
     */
    Trial(Path folder, int callsPerSecond, Optional<String> databaseUrl) {
        this.data = folder.resolve("data");
        this.more = databaseUrl.map(url -> List.of("--database-url", url)).orElse(List.of());
        this.options =
                new GatewayOptions(data, Optional.empty(), databaseUrl, Optional.empty(), Optional.empty(), Map.of());
        this.load = new Load(callsPerSecond);
        this.gateway = GatewayProcess.serve(data, more.toArray(String[]::new));
        try {
            // As root, PostgreSQL runs as somebody else.
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
            load.authenticate(JSON.readTree(Files.readString(data.resolve("first-run.json")))
                    .get("api_key")
                    .asString());
        } catch (IOException broken) {
            throw new java.io.UncheckedIOException(broken);
        }
        command("credits", "grant", "--amount", "100000");
    }

    Load load() {
        return load;
    }

    GatewayProcess gateway() {
        return gateway;
    }

    GatewayOptions options() {
        return options;
    }

    Path data() {
        return data;
    }

    /** Starts the program again and sends the clients there; gives how long it took until it was ready. */
    Duration start() {
        long start = System.nanoTime();
        try {
            gateway = GatewayProcess.serve(data, more.toArray(String[]::new));
        } catch (RuntimeException refused) {
            throw new IllegalStateException(
                    "A start was refused.\n" + Leftovers.of(data) + "\nthe books:\n" + books(), refused);
        }
        var took = Duration.ofNanos(System.nanoTime() - start);
        aim();
        return took;
    }

    private String books() {
        try {
            return audit().table();
        } catch (RuntimeException unreadable) {
            return "cannot be read: " + unreadable;
        }
    }

    /** Starts the program and kills it before it is ready, most likely. */
    void startAndKillAfter(long millis) throws InterruptedException {
        var words = new java.util.ArrayList<>(List.of("serve", "--json", "--port", "0", "--data", data.toString()));
        words.addAll(more);
        try (var starting = GatewayProcess.start(Map.of(), words)) {
            TimeUnit.MILLISECONDS.sleep(millis);
            starting.kill();
        }
    }

    void aim() {
        load.aim(uri());
    }

    private URI uri() {
        return gateway.uri("/v1/chat/completions");
    }

    void kill() {
        gateway.kill();
        gateway.close();
    }

    /** SIGTERM; gives the exit status. */
    int terminate() {
        gateway.terminate();
        int status = gateway.status();
        gateway.close();
        return status;
    }

    Audit audit() {
        return Audit.of(options, load.calls());
    }

    private void command(String... words) {
        var line = new java.util.ArrayList<>(List.of(words));
        line.addAll(List.of("--data", data.toString()));
        line.addAll(more);
        var sink = new ByteArrayOutputStream();
        var out = new PrintStream(sink, true, StandardCharsets.UTF_8);
        if (MixGateway.run(line.toArray(String[]::new), Map.of(), out, out) != 0) {
            throw new IllegalStateException(words[0] + ": " + sink.toString(StandardCharsets.UTF_8));
        }
    }

    /** Writes the report to where {@code -Dtrial.report} says, if it does, and to standard output. */
    void report(String title, String... parts) throws IOException {
        var text = "# " + title + "\n\n" + began.truncatedTo(ChronoUnit.SECONDS) + ", "
                + Duration.between(began, Instant.now()).toSeconds() + " s, "
                + Runtime.getRuntime().availableProcessors() + " processors\n\n" + String.join("\n", parts) + "\n"
                + "What clients saw: " + load.seen() + "\n";
        System.out.println(text);
        var file = System.getProperty("trial.report", "");
        if (!file.isEmpty()) {
            Files.writeString(Path.of(file), text);
        }
    }

    @Override
    public void close() {
        load.close();
        gateway.close();
    }
}
