package io.mixgateway.app.privacy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mixgateway.testkit.Answer;
import io.mixgateway.testkit.FakeUpstream;
import io.mixgateway.testkit.OpenAiChat;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/** Sends a word through every surface: in each place of a request, with a provider that does each thing that one can do. */
public final class CanaryRun implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final String word;
    private final AtomicReference<Answer> next = new AtomicReference<>(Answer.of(200));
    private final FakeUpstream upstream;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(LIMIT)
            .build();
    private int calls;

    /** @param word what a provider's answers repeat, too */
    public CanaryRun(String word) {
        this.word = word;
        this.upstream = FakeUpstream.answering(_ -> next.get());
    }

    /** A provider that obeys, one that nobody hears, and short limits. */
    public String configuration() {
        return """
                providers:
                  fake:
                    dialect: openai
                    base-url: %s
                    api-key: sk-test-0123456789abcdef
                    models:
                      - {id: small, price: {input: 1, output: 2}}
                  dead:
                    dialect: openai
                    base-url: http://127.0.0.1:%d/v1
                    api-key: sk-test-0123456789abcdef
                    models:
                      - {id: small, price: {input: 1, output: 2}}
                models:
                  either: {route: ["dead:small", "fake:small"]}
                limits: {max-body: 64kB, connect: 300ms, first-byte: 400ms, idle: 400ms, total: 3s}
                """.formatted(upstream.baseUrl(), FakeUpstream.deadPort());
    }

    /** Makes all calls and tells how many. */
    public int through(URI gateway, String key) throws IOException, InterruptedException {
        for (Answer answer : answers().values()) {
            next.set(answer);
            for (String model : List.of("fake:small", "either")) {
                call(gateway, key, "v1/chat/completions", chat(model, false));
                call(gateway, key, "v1/chat/completions", chat(model, true));
                call(gateway, key, "v1/embeddings", embedding(model));
            }
        }
        next.set(good().plain());
        for (String model : List.of("sandbox:echo", "sandbox:embed", "dead:small", "nobody:" + word, word)) {
            call(gateway, key, "v1/chat/completions", chat(model, false));
            call(gateway, key, "v1/chat/completions", chat(model, true));
            call(gateway, key, "v1/embeddings", embedding(model));
        }
        for (String broken : List.of(
                "{\"model\":\"fake:small\",\"messages\":[{\"content\":\"" + word,
                "{\"" + word + "\":1,\"" + word + "\":2,\"model\":\"fake:small\"}",
                "[\"" + word + "\"]",
                word,
                "{\"model\":\"fake:small\",\"max_tokens\":\"" + word + "\"}",
                "{\"model\":[\"" + word + "\"]}",
                "{\"model\":\"fake:small\",\"stream\":\"" + word + "\",\"messages\":[]}",
                chat("fake:small", false) + word,
                chat("fake:small", false).replace(word, (word + " ").repeat(5_000)))) {
            call(gateway, key, "v1/chat/completions", broken);
            call(gateway, key, "v1/embeddings", broken);
        }
        call(gateway, "sk-mg-wrong", "v1/chat/completions", chat("fake:small", false));
        leaves(gateway, key, true);
        leaves(gateway, key, false);
        return calls;
    }

    /** A stream that is under way when this returns. */
    public void leaveOneOpen(URI gateway, String key) throws IOException {
        next.set(good().streamed(true).stallsAt(200));
        var socket = new Socket(gateway.getHost(), gateway.getPort());
        socket.getOutputStream().write(raw(key, chat("fake:small", true), 0));
        var _ = socket.getInputStream().read(new byte[64]);
    }

    private OpenAiChat good() {
        return OpenAiChat.saying("You", " said ", word, ", ", word + ".");
    }

    private Map<String, Answer> answers() {
        var all = new LinkedHashMap<String, Answer>();
        var plain = good().plain();
        var stream = good().streamed(true);
        all.put("whole", plain);
        all.put("stream", stream);
        all.put(
                "stream without usage",
                good().usageIn(OpenAiChat.UsageIn.NOWHERE).streamed(false));
        all.put("stream without end", good().withoutDone().streamed(true));
        all.put("byte by byte", stream.cutEvery(1));
        all.put("chunked", plain.chunked());
        all.put("until close", plain.untilClose());
        all.put("late", plain.headAfter(Duration.ofMillis(100)));
        for (int status : List.of(400, 401, 403, 404, 409, 422, 429, 500, 502, 503, 504, 529)) {
            all.put("error " + status, Answer.error(status, word, "You sent " + word));
            all.put(
                    "page " + status,
                    Answer.of(status).header("content-type", "text/html").body("<b>" + word + "</b>"));
        }
        all.put("redirect", Answer.of(302).header("location", "http://127.0.0.1:9/" + word));
        all.put("too many", Answer.tooManyRequests(0));
        all.put("no JSON", Answer.json(200, word));
        all.put("half a JSON", Answer.json(200, "{\"choices\":[{\"message\":{\"content\":\"" + word));
        all.put("empty", Answer.json(200, ""));
        all.put(
                "bad events",
                Answer.sse(("data: {\"" + word + "\n\nevent: " + word + "\n\ndata: " + word + "\n\n").getBytes(UTF_8)));
        all.put(
                "error in the stream",
                Answer.sse(("data: {\"error\":{\"message\":\"" + word + "\"}}\n\n").getBytes(UTF_8)));
        all.put("header", plain.header("x-echo", word).header("openai-organization", word));
        all.put("garbage", Answer.garbage((word + " is not HTTP\r\n\r\n").getBytes(UTF_8)));
        all.put("hangs up", Answer.hangUp(false));
        all.put("resets", Answer.hangUp(true));
        all.put("silence", Answer.silence());
        all.put("cut head", plain.cutAt(Answer.BEFORE_HEAD, true));
        for (boolean reset : List.of(true, false)) {
            all.put("cut whole " + reset, plain.cutAt(150, reset));
            all.put("cut stream " + reset, stream.cutAt(400, reset));
        }
        all.put("stalls whole", plain.stallsAt(150));
        all.put("stalls stream", stream.stallsAt(400));
        all.put("pauses", stream.pausesAt(300, Duration.ofMillis(100)));
        return all;
    }

    private void call(URI gateway, String key, String path, String body) throws IOException, InterruptedException {
        calls++;
        var request = HttpRequest.newBuilder(gateway.resolve("/" + path))
                .timeout(LIMIT)
                .header("authorization", "Bearer " + key)
                .header("content-type", "application/json")
                .header("x-client", word)
                .header("user-agent", "client/" + word)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException _) {
            // an answer that is cut off is one of the things that are tried
        }
    }

    /** A client that goes away in the middle of its request, or of the answer. */
    private void leaves(URI gateway, String key, boolean inRequest) throws IOException {
        calls++;
        next.set(good().eventByEvent(true).everyPieceAfter(Duration.ofMillis(100)));
        try (var socket = new Socket(gateway.getHost(), gateway.getPort())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write(raw(key, chat("fake:small", true), inRequest ? 60 : 0));
            socket.getOutputStream().flush();
            InputStream answer = socket.getInputStream();
            if (!inRequest) {
                var _ = answer.read(new byte[64]);
            }
        }
    }

    private byte[] raw(String key, String body, int without) {
        var bytes = body.getBytes(UTF_8);
        var head = "POST /v1/chat/completions HTTP/1.1\r\nhost: gateway\r\nauthorization: Bearer " + key
                + "\r\ncontent-type: application/json\r\ncontent-length: " + bytes.length + "\r\n\r\n";
        var whole = (head + body).getBytes(UTF_8);
        return java.util.Arrays.copyOf(whole, whole.length - without);
    }

    private String chat(String model, boolean stream) {
        return """
                {"model":"%s","stream":%s,"user":"%s","metadata":{"note":"%s"},"messages":[\
                {"role":"system","content":"%s"},{"role":"user","content":"Say %s","name":"%s"}],\
                "tools":[{"type":"function","function":{"name":"%s","description":"%s","parameters":{}}}],\
                "stop":["%s"],"unknown":{"%s":"%s"}}""".formatted(model, stream, word, word, word, word, word, word, word, word, word, word);
    }

    private String embedding(String model) {
        return "{\"model\":\"%s\",\"user\":\"%s\",\"input\":[\"%s\",\"and %s\"]}".formatted(model, word, word, word);
    }

    @Override
    public void close() {
        client.shutdownNow();
        upstream.close();
    }
}
