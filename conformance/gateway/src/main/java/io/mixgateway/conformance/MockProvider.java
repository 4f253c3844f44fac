package io.mixgateway.conformance;

import io.mixgateway.testkit.Answer;
import io.mixgateway.testkit.FakeUpstream;
import io.mixgateway.testkit.Received;
import io.mixgateway.testkit.SseText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import tools.jackson.databind.json.JsonMapper;

/**
 * A provider in OpenAI's shape whose behaviour is chosen by the model's name, so that one running process serves every
 * SDK in any language. {@code GET /seen/TEXT} tells of the calls whose body holds that text.
 */
public final class MockProvider {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration BETWEEN_TOKENS = Duration.ofMillis(20);

    private final FakeUpstream upstream = FakeUpstream.start();

    private MockProvider() {
        upstream.always(this::answer);
    }

    /** Prints its base URL on the first line, then runs until its standard input ends. */
    public static void main(String[] args) throws IOException {
        var provider = new MockProvider();
        System.out.println(provider.upstream.baseUrl());
        System.in.transferTo(java.io.OutputStream.nullOutputStream());
        provider.upstream.close();
    }

    private Answer answer(Received request) {
        if (request.path().startsWith("/seen/")) {
            return Answer.json(200, seen(request.path().substring("/seen/".length())));
        }
        if (request.path().equals("/v1/embeddings")) {
            return embeddings(request);
        }
        if (!request.path().equals("/v1/chat/completions")) {
            return Answer.error(404, "not_found", "No such path.");
        }
        var chat = new MockChat(request.json());
        var model = request.json().path("model").asString("");
        return switch (model) {
            case "commented" -> chat.streamed(SseText.WITH_COMMENTS);
            case "unfinished" -> chat.unfinished();
            case "endless" -> chat.endless().everyPieceAfter(BETWEEN_TOKENS);
            case "cut" -> {
                var whole = chat.answer();
                yield whole.cutAt(whole.wholeBody().length / 2, false);
            }
            case "error-frame" -> chat.failingMidway();
            case "error-400" -> Answer.json(400, """
                        {"error":{"message":"temperature is too high","type":"invalid_request_error",\
                        "param":"temperature","code":"invalid_value"}}""");
            case "error-401" -> Answer.error(401, "invalid_api_key", "Incorrect API key provided: sk-mock-operator.");
            case "error-429" -> Answer.tooManyRequests(1);
            case "error-500" -> Answer.error(500, "server_error", "Internal detail of the provider.");
            default -> chat.answer();
        };
    }

    private String seen(String text) {
        var calls = upstream.requests().stream()
                .filter(call -> call.method().equals("POST") && call.bodyText().contains(text))
                .toList();
        long left = calls.stream().filter(call -> call.peerLeftAtNanos() > 0).count();
        return "{\"calls\":" + calls.size() + ",\"left\":" + left + "}";
    }

    /** Three dimensions that can be told from the text: its length, its first letter, and a quarter. */
    private static Answer embeddings(Received request) {
        var body = request.json();
        var texts = new ArrayList<String>();
        var input = body.path("input");
        if (input.isArray()) {
            input.forEach(text -> texts.add(text.asString("")));
        } else {
            texts.add(input.asString(""));
        }
        var answer = JSON.createObjectNode().put("object", "list").put("model", "embed-2026");
        var data = answer.putArray("data");
        for (int i = 0; i < texts.size(); i++) {
            var text = texts.get(i);
            float[] vector = {text.length(), text.isEmpty() ? 0 : text.charAt(0), 0.25f};
            var item = data.addObject().put("object", "embedding").put("index", i);
            if (body.path("encoding_format").asString("float").equals("base64")) {
                var bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                bytes.asFloatBuffer().put(vector);
                item.put("embedding", Base64.getEncoder().encodeToString(bytes.array()));
            } else {
                var numbers = item.putArray("embedding");
                for (float number : vector) {
                    numbers.add(number);
                }
            }
        }
        answer.putObject("usage").put("prompt_tokens", texts.size()).put("total_tokens", texts.size());
        return Answer.json(200, JSON.writeValueAsString(answer));
    }
}
