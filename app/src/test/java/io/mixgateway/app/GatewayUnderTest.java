package io.mixgateway.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A whole gateway in this JVM, on a free port, with a database and a data folder of its own, and an owner's key with
 * five dollars of credit. Close it.
 *
 * <pre>{@code
 * try (var gateway = GatewayUnderTest.with("""
 *         providers:
 *           mock:
 *             dialect: openai
 *             base-url: %s
 *             api-key: sk-test
 *             models:
 *               - {id: small, price: {input: 1, output: 2}}
 *         """.formatted(upstream.baseUrl()))) {
 *     var answer = gateway.chat("mock:small", "hello");
 *     var generation = gateway.generation(GatewayUnderTest.generationId(answer));
 * }
 * }</pre>
 */
public final class GatewayUnderTest implements AutoCloseable {
    private static final Duration BOOKED = Duration.ofSeconds(20);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Gateway gateway;
    private final Path data;
    private final GatewayOptions options;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private GatewayUnderTest(Gateway gateway, Path data, GatewayOptions options) {
        this.gateway = gateway;
        this.data = data;
        this.options = options;
    }

    /** One with nothing but the sandbox. */
    public static GatewayUnderTest start() {
        return with("{}");
    }

    /** One with this configuration. */
    public static GatewayUnderTest with(String yaml) {
        return with(yaml, Map.of());
    }

    /** One with this configuration and environment. */
    public static GatewayUnderTest with(String yaml, Map<String, String> environment) {
        try {
            var data = Files.createTempDirectory("mixgateway-data-");
            var config = data.resolve("mixgateway.yaml");
            Files.writeString(config, yaml);
            var surroundings = new HashMap<>(Map.of("MIXGATEWAY_DISCOVERY_OLLAMA", "false"));
            surroundings.putAll(environment);
            var options = new GatewayOptions(
                    data,
                    Optional.of(config),
                    Optional.of(OnePostgres.newDatabase()),
                    Optional.of(0),
                    Optional.of("127.0.0.1"),
                    surroundings);
            return new GatewayUnderTest(Gateway.start(options), data, options);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    public Gateway gateway() {
        return gateway;
    }

    public int port() {
        return gateway.port();
    }

    /** The data folder. */
    public Path data() {
        return data;
    }

    /** What the gateway was started with, for commands beside it and for a second node. */
    public GatewayOptions options() {
        return options;
    }

    /** The owner's key. */
    public String apiKey() {
        return firstRun().apiKey().reveal();
    }

    public FirstRun firstRun() {
        return gateway.firstRun().orElseThrow();
    }

    public HttpClient client() {
        return client;
    }

    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + gateway.port() + path);
    }

    /** A request with the owner's key. */
    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(uri(path))
                .timeout(Duration.ofMinutes(1))
                .header("authorization", "Bearer " + apiKey())
                .header("content-type", "application/json");
    }

    public HttpResponse<String> get(String path) {
        return send(request(path).GET().build());
    }

    public HttpResponse<String> post(String path, String body) {
        return send(
                request(path).POST(HttpRequest.BodyPublishers.ofString(body)).build());
    }

    public HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** One user message, answered in full. */
    public HttpResponse<String> chat(String model, String content) {
        var body = Map.of("model", model, "messages", List.of(Map.of("role", "user", "content", content)));
        return post("/v1/chat/completions", JSON.writeValueAsString(body));
    }

    /** The answer's body, which must be JSON. */
    public static JsonNode json(HttpResponse<String> answer) {
        return JSON.readTree(answer.body());
    }

    /** The id of the generation that an answer came from. */
    public static String generationId(HttpResponse<?> answer) {
        return answer.headers().firstValue("x-mixgateway-generation").orElseThrow();
    }

    /** The receipt, as soon as it can be read. */
    public JsonNode generation(String id) {
        await().atMost(BOOKED)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> get("/api/v1/generations/" + id).statusCode() == 200);
        return json(get("/api/v1/generations/" + id));
    }

    /** What the owner's account has: {@code balance}, {@code held}, {@code available}, as decimals. */
    public JsonNode credits() {
        var answer = get("/api/v1/credits");
        assertThat(answer.statusCode()).isEqualTo(200);
        return json(answer);
    }

    /** Runs a command beside the gateway, in this JVM. */
    public CommandResult command(String... words) {
        return CommandResult.run(options, words);
    }

    /** A member of an error body, such as {@code code}; null when it is null. */
    public static @Nullable String error(HttpResponse<String> answer, String member) {
        var value = json(answer).path("error").path(member);
        return value.isString() ? value.asString() : null;
    }

    @Override
    public void close() {
        client.close();
        gateway.close();
        try {
            OnePostgres.delete(data);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
