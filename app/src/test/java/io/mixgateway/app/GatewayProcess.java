package io.mixgateway.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The real program as a process of its own, from this JVM's class path: for what only a process can show, such as
 * signals, kill -9 and exit statuses. Its log is kept in memory.
 */
public final class GatewayProcess implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final Duration END_LIMIT = Duration.ofMinutes(1);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    /** The launcher to start it by, cache for fast starts included, instead of this JVM's class path. */
    private static final String LAUNCHER = System.getProperty("trial.launcher", "");

    private final Process process;
    private final Path log;
    private final CompletableFuture<String> firstLine = new CompletableFuture<>();
    private final Queue<String> output = new ConcurrentLinkedQueue<>();
    private final Thread reader;

    private GatewayProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
        this.reader = Thread.ofVirtual().start(this::read);
    }

    /** Starts {@code serve} on {@code data} and a free port and waits until it is ready. */
    public static GatewayProcess serve(Path data, String... more) {
        var words = new ArrayList<>(List.of("serve", "--json", "--port", "0", "--data", data.toString()));
        words.addAll(List.of(more));
        var serving = start(Map.of(), words);
        serving.announced();
        return serving;
    }

    /** Starts the program with these words, and with {@code environment} on top of ours. */
    public static GatewayProcess start(Map<String, String> environment, List<String> words) {
        try {
            var line = new ArrayList<>(LAUNCHER.isEmpty() ? program() : List.of(LAUNCHER));
            line.addAll(words);
            var log = Files.createTempFile("mixgateway-", ".log");
            var builder = new ProcessBuilder(line).redirectError(log.toFile());
            var surroundings = new HashMap<>(Map.of("MIXGATEWAY_DISCOVERY_OLLAMA", "false"));
            if (!LAUNCHER.isEmpty()) {
                surroundings.put("MIXGATEWAY_BUILD", "off");
            }
            surroundings.putAll(environment);
            builder.environment().putAll(surroundings);
            return new GatewayProcess(builder.start(), log);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static List<String> program() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                "io.mixgateway.app.Main");
    }

    private void read() {
        try (var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                output.add(line);
                firstLine.complete(line);
            }
        } catch (IOException broken) {
            firstLine.completeExceptionally(broken);
        }
        firstLine.completeExceptionally(new IllegalStateException("it ended without a word"));
    }

    /** What a server that is ready says on standard output. */
    public JsonNode announced() {
        try {
            return JSON.readTree(firstLine.get(START_LIMIT.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException | TimeoutException never) {
            throw new IllegalStateException("not ready; its log says:\n" + log(), never);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    private int port() {
        var said = announced();
        if (!said.has("port")) {
            throw new IllegalStateException("not ready: " + said + "; its log says:\n" + log());
        }
        return said.get("port").asInt();
    }

    public long pid() {
        return process.pid();
    }

    /** What it wrote to standard error so far. */
    public String log() {
        try {
            return Files.readString(log);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** What it wrote to standard output; all of it once it has ended. */
    public String output() {
        return String.join("\n", output);
    }

    /** Sends SIGTERM. */
    public void terminate() {
        process.destroy();
    }

    /** Sends SIGHUP. */
    public void hangUp() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-HUP", Long.toString(process.pid())).start().waitFor();
    }

    /** Sends SIGKILL and waits. */
    public void kill() {
        process.destroyForcibly();
        status();
    }

    /** Waits for its end and gives its exit status. */
    public int status() {
        try {
            if (!process.waitFor(END_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("it does not end; its log says:\n" + log());
            }
            reader.join(END_LIMIT);
            return process.exitValue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            process.destroy();
            status();
        }
        try {
            Files.deleteIfExists(log);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
