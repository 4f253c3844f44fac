package io.mixgateway.conformance;

import io.mixgateway.testkit.Answer;
import io.mixgateway.testkit.SseText;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One chat answer in OpenAI's shape: two calls of the first tool, with a city and a unit, when tools are given and the user spoke last, a
 * person when a JSON schema is given, an echo of a tool's result, and otherwise a fixed text in five scripts.
 */
final class MockChat {
    private static final JsonMapper JSON = new JsonMapper();
    private static final long CREATED = 1_770_000_000L;
    private static final List<String> TEXT = List.of("Grüße", ", 你好", ", 안녕", ", नमस्ते ", "👋🏽", "!");
    private static final List<String> CITIES = List.of("서울 \\\"🏙️\\\"", "Zürich");
    private static final int FRAGMENT = 7;

    private final JsonNode request;

    MockChat(JsonNode request) {
        this.request = request;
    }

    /** What the request asks for, plain or streamed, each event in a write of its own. */
    Answer answer() {
        return request.path("stream").asBoolean(false) ? streamed(SseText.PLAIN) : Answer.json(200, plain());
    }

    Answer streamed(SseText form) {
        return pieces(form.each(events()));
    }

    /** Without the blank line after the last event and without {@code [DONE]}, as some providers end. */
    Answer unfinished() {
        var events = events();
        events.removeLast();
        return pieces(SseText.UNFINISHED.each(events));
    }

    /** A thousand words. */
    Answer endless() {
        var events = new ArrayList<String>();
        IntStream.range(0, 1000).forEach(i -> events.add(chunk(delta -> delta.put("content", "word "), null)));
        return pieces(SseText.PLAIN.each(events));
    }

    /** Three chunks, then an error in the stream, which is then closed without a finish reason. */
    Answer failingMidway() {
        var events = new ArrayList<>(events().subList(0, 3));
        events.add("{\"error\":{\"message\":\"The engine is overloaded\",\"type\":\"server_error\",\"param\":null,"
                + "\"code\":\"overloaded\"}}");
        return pieces(SseText.PLAIN.each(events));
    }

    private static Answer pieces(List<byte[]> pieces) {
        return Answer.sse(new byte[0]).pieces(pieces).chunked();
    }

    private boolean callsTools() {
        return request.path("tools").size() > 0 && lastRole().equals("user");
    }

    private String lastRole() {
        var messages = request.path("messages");
        return messages.path(messages.size() - 1).path("role").asString("");
    }

    private List<String> words() {
        if (lastRole().equals("tool")) {
            var messages = request.path("messages");
            return List.of(
                    "It is ", messages.path(messages.size() - 1).path("content").asString("?"), ".");
        }
        return request.path("response_format").path("type").asString("").equals("json_schema")
                ? List.of("{\"name\":", "\"Ada 👩🏽‍🔬\",", "\"age\":36}")
                : TEXT;
    }

    private static String arguments(int call) {
        return "{\"city\":\"" + CITIES.get(call) + "\",\"unit\":\"celsius\"}";
    }

    private String plain() {
        var answer = JSON.createObjectNode()
                .put("id", "chatcmpl-mock1")
                .put("object", "chat.completion")
                .put("created", CREATED)
                .put("model", "chat-2026-01-01");
        var choice = answer.putArray("choices").addObject().put("index", 0);
        var message = choice.putObject("message").put("role", "assistant");
        message.putNull("refusal").putArray("annotations");
        if (callsTools()) {
            message.putNull("content");
            var calls = message.putArray("tool_calls");
            for (int call = 0; call < CITIES.size(); call++) {
                named(calls.addObject(), call).put("arguments", arguments(call));
            }
        } else {
            message.put("content", String.join("", words()));
        }
        choice.putNull("logprobs").put("finish_reason", callsTools() ? "tool_calls" : "stop");
        usage(answer.putObject("usage"));
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(answer);
    }

    /** The data of each event, {@code [DONE]} included. */
    private List<String> events() {
        var events = new ArrayList<String>();
        if (request.path("model").asString("").equals("azure")) {
            events.add("{\"choices\":[],\"created\":0,\"id\":\"\",\"model\":\"\",\"object\":\"\","
                    + "\"prompt_filter_results\":[{\"prompt_index\":0,\"content_filter_results\":{}}]}");
        }
        if (callsTools()) {
            events.add(chunk(delta -> delta.put("role", "assistant").putNull("content"), null));
            for (int call = 0; call < CITIES.size(); call++) {
                int index = call;
                events.add(tool(calls ->
                        named(calls.addObject().put("index", index), index).put("arguments", "")));
                var text = arguments(call);
                for (int from = 0; from < text.length(); from += FRAGMENT) {
                    // Cut at code points: half a surrogate pair cannot be written as UTF-8.
                    int start = whole(text, from);
                    int end = whole(text, Math.min(text.length(), from + FRAGMENT));
                    events.add(tool(calls -> calls.addObject()
                            .put("index", index)
                            .putObject("function")
                            .put("arguments", text.substring(start, end))));
                }
            }
        } else {
            events.add(chunk(delta -> delta.put("role", "assistant").put("content", ""), null));
            words().forEach(word -> events.add(chunk(delta -> delta.put("content", word), null)));
        }
        events.add(chunk(_ -> {}, callsTools() ? "tool_calls" : "stop"));
        if (usageAsked()) {
            var last = bareChunk();
            last.putArray("choices");
            usage(last.putObject("usage"));
            events.add(JSON.writeValueAsString(last));
        }
        events.add("[DONE]");
        return events;
    }

    private static int whole(String text, int at) {
        return at > 0 && at < text.length() && Character.isLowSurrogate(text.charAt(at)) ? at - 1 : at;
    }

    private boolean usageAsked() {
        return request.path("stream_options").path("include_usage").asBoolean(false);
    }

    private ObjectNode named(ObjectNode call, int index) {
        var name = request.path("tools").path(0).path("function").path("name").asString("");
        call.put("id", "call_mock" + index).put("type", "function");
        return call.putObject("function").put("name", name);
    }

    private static void usage(ObjectNode usage) {
        usage.put("prompt_tokens", 9).put("completion_tokens", 6).put("total_tokens", 15);
    }

    private String tool(Consumer<ArrayNode> calls) {
        return chunk(delta -> calls.accept(delta.putArray("tool_calls")), null);
    }

    private String chunk(Consumer<ObjectNode> fill, @org.jspecify.annotations.Nullable String finishReason) {
        var chunk = bareChunk();
        var choice = chunk.putArray("choices").addObject().put("index", 0);
        fill.accept(choice.putObject("delta"));
        choice.putNull("logprobs").put("finish_reason", finishReason);
        if (usageAsked()) {
            chunk.putNull("usage");
        }
        return JSON.writeValueAsString(chunk);
    }

    private static ObjectNode bareChunk() {
        return JSON.createObjectNode()
                .put("id", "chatcmpl-mock1")
                .put("object", "chat.completion.chunk")
                .put("created", CREATED)
                .put("model", "chat-2026-01-01");
    }
}
