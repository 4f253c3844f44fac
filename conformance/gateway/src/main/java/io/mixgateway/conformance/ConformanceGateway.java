package io.mixgateway.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * The real program, started once for a test JVM, with the {@code sandbox} provider that it has anyway and a provider
 * {@code mock}, which is a {@link MockProvider} in a third process. Both end with this JVM. Needs the program's jars
 * in {@code app/target/dist/lib} and the provider's in {@code conformance/gateway/target/lib}: {@code ./build package}
 * makes both.
 */
public final class ConformanceGateway {
    /** The key with which the gateway calls {@code mock}: an operator's secret, which no client may ever see. */
    public static final String PROVIDER_KEY = "sk-mock-operator";

    /** Every model of {@link MockProvider}, whose own fields are out of reach here: its libraries are. */
    private static final List<String> MODELS = List.of(
            "chat",
            "azure",
            "commented",
            "unfinished",
            "endless",
            "cut",
            "error-frame",
            "error-400",
            "error-401",
            "error-429",
            "error-500",
            "embed");

    private static final Duration STARTS_WITHIN = Duration.ofSeconds(60);
    private static final Duration COMMAND_ENDS_WITHIN = Duration.ofSeconds(60);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Path root =
            Path.of(System.getProperty("mixgateway.root", ".")).toAbsolutePath().normalize();
    private final Path data;
    private final Path config;
    private final String mockUrl;
    private final String baseUrl;
    private final String apiKey;
    private String pennilessKey = "";

    /** What the provider saw of some calls: how many came, and how many clients went away. */
    public record Seen(int calls, int left) {}

    private static final class Shared {
        private static final ConformanceGateway GATEWAY = start();
    }

    /** The one of this JVM, started by the first who asks. */
    public static ConformanceGateway shared() {
        return Shared.GATEWAY;
    }

    private static ConformanceGateway start() {
        try {
            return new ConformanceGateway();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the gateway started", e);
        }
    }

    private ConformanceGateway() throws IOException, InterruptedException {
        data = Files.createTempDirectory("mixgateway-conformance");
        var mock = endsWithUs(new ProcessBuilder(
                        java(), "-cp", providerClassPath(), "-XX:TieredStopAtLevel=1", MockProvider.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
        var firstLine = mock.inputReader(UTF_8).readLine();
        if (firstLine == null) {
            throw new IllegalStateException("the mock provider did not start");
        }
        mockUrl = firstLine;
        config = Files.writeString(data.resolve("mixgateway.yaml"), configuration());
        var log = data.resolve("gateway.log").toFile();
        var gateway = endsWithUs(program("serve", "--port", "0")
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start());
        var firstRun = awaitFirstRun(gateway, log.toPath());
        baseUrl = member(firstRun, "base_url");
        apiKey = member(firstRun, "api_key");
    }

    /** {@code http://127.0.0.1:PORT/v1}. */
    public String baseUrl() {
        return baseUrl;
    }

    /** A key with credit. */
    public String apiKey() {
        return apiKey;
    }

    /** The provider's own base URL, for calls that go past the gateway. */
    public String mockUrl() {
        return mockUrl;
    }

    /** {@code docs/examples}: what the documentation tells people to run. */
    public Path examples() {
        return root.resolve("docs/examples");
    }

    /** How a program of another runtime learns where the gateway is: the variables of the examples, and three more. */
    public Map<String, String> environment() {
        return Map.of(
                "MIXGATEWAY_BASE_URL", baseUrl,
                "MIXGATEWAY_API_KEY", apiKey,
                "PENNILESS_KEY", pennilessKey(),
                "MOCK_BASE_URL", mockUrl,
                "NO_PROXY", "127.0.0.1");
    }

    /** The key of an account that has no credit at all. */
    public synchronized String pennilessKey() {
        if (pennilessKey.isEmpty()) {
            var account = member(command("accounts", "create", "--email", "penniless@example.test", "--json"), "id");
            pennilessKey = member(command("keys", "create", "--account", account, "--json"), "secret");
        }
        return pennilessKey;
    }

    /** What the provider saw of the calls whose body holds {@code text} (letters, digits, hyphens). */
    public Seen seen(String text) {
        var origin = URI.create(mockUrl);
        var request = HttpRequest.newBuilder(origin.resolve("/seen/" + text)).build();
        try {
            var body = HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
            return new Seen(Integer.parseInt(number(body, "calls")), Integer.parseInt(number(body, "left")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Waits up to {@code time} until the provider saw a client of such a call go away; whether it did. */
    public boolean seenLeaving(String text, Duration time) {
        long deadline = System.nanoTime() + time.toNanos();
        while (seen(text).left() == 0) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            pause(20);
        }
        return true;
    }

    private String configuration() {
        var models = new StringBuilder();
        for (String model : MODELS) {
            models.append("      - {id: ")
                    .append(model)
                    .append(", price: {input: 0.1, output: 0.4}, context: 100000, max-output: 4000}\n");
        }
        return """
                providers:
                  mock:
                    dialect: openai
                    base-url: %s
                    api-key: %s
                    models:
                %s\
                models:
                  best: {route: ["mock:chat"]}
                """.formatted(mockUrl, PROVIDER_KEY, models);
    }

    private ProcessBuilder program(String... arguments) {
        var command = new ArrayList<String>(List.of(
                java(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                root.resolve("app/target/dist/lib") + "/*",
                "io.mixgateway.app.Main"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--data", data.toString(), "--config", config.toString()));
        var builder = new ProcessBuilder(command);
        // Keys of the developer's own must not become providers here.
        builder.environment().keySet().removeIf(name -> name.endsWith("_API_KEY") || name.startsWith("MIXGATEWAY_"));
        return builder;
    }

    private String command(String... arguments) {
        try {
            var process = program(arguments)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            var out = new String(process.getInputStream().readAllBytes(), UTF_8);
            if (!process.waitFor(COMMAND_ENDS_WITHIN.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IllegalStateException(String.join(" ", arguments) + " failed: " + out);
            }
            return out;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private String providerClassPath() {
        var own = ConformanceGateway.class.getProtectionDomain().getCodeSource().getLocation();
        return Path.of(URI.create(own.toString())) + File.pathSeparator + root.resolve("conformance/gateway/target/lib")
                + "/*";
    }

    private String awaitFirstRun(Process gateway, Path log) throws IOException {
        var file = data.resolve("first-run.json");
        long deadline = System.nanoTime() + STARTS_WITHIN.toNanos();
        while (true) {
            if (Files.exists(file)) {
                var text = Files.readString(file);
                if (text.stripTrailing().endsWith("}")) {
                    return text;
                }
            }
            if (!gateway.isAlive() || System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("the gateway did not start: " + Files.readString(log));
            }
            pause(50);
        }
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private Process endsWithUs(Process process) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            process.destroy();
            try {
                if (!process.waitFor(15, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException _) {
                process.destroyForcibly();
            }
        }));
        return process;
    }

    private static String member(String json, String name) {
        var found = Pattern.compile('"' + name + "\"\\s*:\\s*\"([^\"\\\\]*)\"").matcher(json);
        if (!found.find()) {
            throw new IllegalStateException("no \"" + name + "\" in " + json);
        }
        return found.group(1);
    }

    private static String number(String json, String name) {
        var found = Pattern.compile('"' + name + "\"\\s*:\\s*(\\d+)").matcher(json);
        if (!found.find()) {
            throw new IllegalStateException("no \"" + name + "\" in " + json);
        }
        return found.group(1);
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
