package io.mixgateway.app.trial;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Clients that call at a steady rate, half of them for streams, and keep what they saw: which answers were complete, and
 * what each should cost by its own usage and the published price. They know nothing of the gateway's inside.
 */
final class Load implements AutoCloseable {
    /** Nanos for a token of the sandbox's talking models, as docs/sandbox.md says. */
    private static final long INPUT_NANOS = 100;

    private static final long OUTPUT_NANOS = 400;
    private static final String QUICK = "sandbox:echo";
    private static final String STREAMED = "sandbox:slow-25";
    /** Tokens of an answer; a stream takes 25 ms for each. */
    private static final int SHORTEST = 5;

    private static final int LONGEST = 60;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /**
     * One call as its client saw it.
     *
     * @param generation the answer's id; empty when no head came
     * @param complete whether the answer came to its end
     * @param cost nanos by the usage that a complete answer told
     * @param saw the status, or what broke
     */
    record Call(String generation, boolean streamed, boolean complete, long cost, String saw) {}

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final AtomicReference<@Nullable URI> target = new AtomicReference<>();
    private final AtomicReference<String> key = new AtomicReference<>("");
    private final Collection<Call> calls = new ConcurrentLinkedQueue<>();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger openStreams = new AtomicInteger();
    private volatile boolean lengthOpen;
    private volatile boolean stopping;

    Load(int callsPerSecond) {
        long every = 1_000_000_000L / callsPerSecond;
        Thread.ofPlatform().daemon().name("load").start(() -> pace(every));
    }

    private void pace(long everyNanos) {
        long next = System.nanoTime();
        for (int i = 0; !stopping; i++) {
            boolean streamed = i % 2 == 0;
            var to = target.get();
            if (to != null) {
                open.incrementAndGet();
                int most = SHORTEST + i * 7 % (LONGEST - SHORTEST + 1);
                Thread.ofVirtual().start(() -> call(to, streamed, most));
            }
            next += everyNanos;
            LockSupport.parkNanos(next - System.nanoTime());
        }
    }

    /** Calls go there from now on; null stops them. */
    void aim(@Nullable URI chatCompletions) {
        target.set(chatCompletions);
    }

    /** From now on no call says how long its answer may be, as most programs' calls do not: each holds a hundred times its cost. */
    void leaveLengthOpen() {
        lengthOpen = true;
    }

    void authenticate(String apiKey) {
        key.set(apiKey);
    }

    private void call(URI to, boolean streamed, int most) {
        var ids = new AtomicReference<>("");
        try {
            var request = request(to, streamed, most);
            calls.add(streamed ? stream(request, ids) : whole(request, ids));
        } catch (IOException | RuntimeException broken) {
            calls.add(new Call(ids.get(), streamed, false, 0, broken.getClass().getSimpleName()));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            open.decrementAndGet();
        }
    }

    private HttpRequest request(URI to, boolean streamed, int most) {
        var body = "{\"model\":\"%s\",%s%s\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
                .formatted(
                        streamed ? STREAMED : QUICK,
                        lengthOpen ? "" : "\"max_tokens\":" + most + ",",
                        streamed ? "\"stream\":true,\"stream_options\":{\"include_usage\":true}," : "",
                        "Tell me about the weather in the mountains, please.");
        return HttpRequest.newBuilder(to)
                .timeout(Duration.ofMinutes(2))
                .header("authorization", "Bearer " + key.get())
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private Call whole(HttpRequest request, AtomicReference<String> ids) throws IOException, InterruptedException {
        var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        ids.set(generation(answer));
        boolean well = answer.statusCode() == 200;
        return new Call(
                ids.get(),
                false,
                well,
                well ? cost(JSON.readTree(answer.body()).get("usage")) : 0,
                Integer.toString(answer.statusCode()));
    }

    private Call stream(HttpRequest request, AtomicReference<String> ids) throws IOException, InterruptedException {
        var answer = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        ids.set(generation(answer));
        openStreams.incrementAndGet();
        long cost = -1;
        try (var lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.equals("data: [DONE]")) {
                    return new Call(ids.get(), true, cost >= 0, Math.max(0, cost), cost >= 0 ? "200" : "200, an error");
                }
                if (line.startsWith("data: ")) {
                    var usage = JSON.readTree(line.substring(6)).path("usage");
                    cost = usage.isObject() ? cost(usage) : cost;
                }
            }
            return new Call(
                    ids.get(), true, false, 0, answer.statusCode() == 200 ? "200, cut" : "" + answer.statusCode());
        } finally {
            openStreams.decrementAndGet();
        }
    }

    private static String generation(HttpResponse<?> answer) {
        return answer.headers().firstValue("x-mixgateway-generation").orElse("");
    }

    private static long cost(JsonNode usage) {
        return usage.get("prompt_tokens").asLong() * INPUT_NANOS
                + usage.get("completion_tokens").asLong() * OUTPUT_NANOS;
    }

    /** All calls that have ended. */
    Collection<Call> calls() {
        return calls;
    }

    int open() {
        return open.get();
    }

    int openStreams() {
        return openStreams.get();
    }

    long complete() {
        return calls.stream().filter(Call::complete).count();
    }

    /** How often what was seen. */
    Map<String, Long> seen() {
        var seen = new TreeMap<String, Long>();
        calls.forEach(call -> seen.merge(call.saw + (call.streamed ? ", stream" : ""), 1L, Long::sum));
        return seen;
    }

    /** Waits until no call is open. */
    void drain() throws InterruptedException {
        target.set(null);
        long giveUpAt = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (open.get() > 0 && System.nanoTime() < giveUpAt) {
            Thread.sleep(20);
        }
    }

    @Override
    public void close() {
        stopping = true;
        client.shutdownNow();
    }
}
