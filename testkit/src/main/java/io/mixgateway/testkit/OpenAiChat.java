package io.mixgateway.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Chat completions in OpenAI's shape, plain and streamed, with the ways in which real providers differ. Each word is
 * one token and one chunk. Immutable; every method answers a changed copy.
 */
public final class OpenAiChat {
    private static final JsonMapper JSON = new JsonMapper();
    private static final long CREATED = 1_770_000_000L;

    /** When a stream tells its usage. */
    public enum UsageIn {
        /** In a last chunk without choices, when {@code stream_options.include_usage} asks for it. */
        LAST_CHUNK_WHEN_ASKED,
        /** The same, and {@code "usage":null} on all chunks before it, as OpenAI does. */
        NULL_THEN_LAST_CHUNK_WHEN_ASKED,
        /** In a last chunk without choices, asked or not. */
        LAST_CHUNK_ALWAYS,
        /** In the chunk that carries the finish reason, asked or not. */
        FINISH_CHUNK_ALWAYS,
        /** A running count in every chunk, asked or not. */
        EVERY_CHUNK,
        /** Nowhere. */
        NOWHERE
    }

    private final List<String> words;
    private String id = "chatcmpl-fake0001";
    private String model = "gpt-4.1-mini-2026-01-01";
    private String finishReason = "stop";
    private Tokens reported;
    private Tokens truth;
    private UsageIn usageIn = UsageIn.NULL_THEN_LAST_CHUNK_WHEN_ASKED;
    private boolean azure;
    private boolean done = true;
    private String padding = "";

    private OpenAiChat(List<String> words) {
        this.words = List.copyOf(words);
        this.reported = Tokens.of(9, words.size());
        this.truth = reported;
    }

    /** An answer of these words, nine tokens of prompt and one token per word. */
    public static OpenAiChat saying(String... words) {
        return new OpenAiChat(List.of(words));
    }

    /** An answer of {@code count} words {@code w0 w1 …}. */
    public static OpenAiChat ofLength(int count) {
        return new OpenAiChat(
                IntStream.range(0, count).mapToObj(i -> "w" + i + " ").toList());
    }

    public OpenAiChat id(String value) {
        return changed(copy -> copy.id = value);
    }

    public OpenAiChat model(String value) {
        return changed(copy -> copy.model = value);
    }

    public OpenAiChat finishReason(String value) {
        return changed(copy -> copy.finishReason = value);
    }

    /** What the provider truly used, and says so. */
    public OpenAiChat using(Tokens tokens) {
        return changed(copy -> {
            copy.reported = tokens;
            copy.truth = tokens;
        });
    }

    /** What the provider says it used, which is not so. */
    public OpenAiChat claiming(Tokens lie) {
        return changed(copy -> copy.reported = lie);
    }

    public OpenAiChat usageIn(UsageIn where) {
        return changed(copy -> copy.usageIn = where);
    }

    /** A first chunk without choices, with an empty id and prompt filter results, as Azure sends. */
    public OpenAiChat azure() {
        return changed(copy -> copy.azure = true);
    }

    /** Ends streams without {@code [DONE]}. */
    public OpenAiChat withoutDone() {
        return changed(copy -> copy.done = false);
    }

    /** A member {@code obfuscation} of this text in every chunk, to make events as long as wanted. */
    public OpenAiChat padded(String text) {
        return changed(copy -> copy.padding = text);
    }

    private OpenAiChat changed(Consumer<OpenAiChat> change) {
        var copy = new OpenAiChat(words);
        copy.id = id;
        copy.model = model;
        copy.finishReason = finishReason;
        copy.reported = reported;
        copy.truth = truth;
        copy.usageIn = usageIn;
        copy.azure = azure;
        copy.done = done;
        copy.padding = padding;
        change.accept(copy);
        return copy;
    }

    /** The text: all words. */
    public String text() {
        return String.join("", words);
    }

    public Tokens reported() {
        return reported;
    }

    /** The body of a plain answer; with usage unless it is {@link UsageIn#NOWHERE}. */
    public String plainBody() {
        var answer = JSON.createObjectNode()
                .put("id", id)
                .put("object", "chat.completion")
                .put("created", CREATED)
                .put("model", model);
        var choice = answer.putArray("choices").addObject();
        choice.put("index", 0);
        choice.putObject("message")
                .put("role", "assistant")
                .put("content", text())
                .putNull("refusal")
                .putArray("annotations");
        choice.putNull("logprobs").put("finish_reason", finishReason);
        if (usageIn != UsageIn.NOWHERE) {
            answer.set("usage", usage(reported));
        }
        answer.put("service_tier", "default").put("system_fingerprint", "fp_fake");
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(answer);
    }

    /** The data of each event of a stream, {@code [DONE]} included. */
    public List<String> events(boolean usageAsked) {
        var events = new ArrayList<String>();
        if (azure) {
            var first = JSON.createObjectNode();
            first.putArray("choices");
            first.put("created", 0).put("id", "").put("model", "").put("object", "");
            first.putArray("prompt_filter_results").addObject().put("prompt_index", 0);
            events.add(JSON.writeValueAsString(first));
        }
        var role = JSON.createObjectNode().put("role", "assistant").put("content", "");
        events.add(chunk(role.putNull("refusal"), "", 0, usageAsked));
        for (int i = 0; i < words.size(); i++) {
            events.add(chunk(JSON.createObjectNode().put("content", words.get(i)), "", i + 1, usageAsked));
        }
        events.add(chunk(JSON.createObjectNode(), finishReason, words.size(), usageAsked));
        boolean lastTells = switch (usageIn) {
            case LAST_CHUNK_ALWAYS -> true;
            case LAST_CHUNK_WHEN_ASKED, NULL_THEN_LAST_CHUNK_WHEN_ASKED -> usageAsked;
            case FINISH_CHUNK_ALWAYS, EVERY_CHUNK, NOWHERE -> false;
        };
        if (lastTells) {
            var last = bareChunk();
            last.putArray("choices");
            last.set("usage", usage(reported));
            events.add(JSON.writeValueAsString(padded(last)));
        }
        if (done) {
            events.add("[DONE]");
        }
        return events;
    }

    /** A stream with LF line ends. */
    public byte[] stream(boolean usageAsked) {
        return SseText.PLAIN.of(events(usageAsked));
    }

    /** The answer that a request asks for: plain or streamed, with the usage chunk or without. */
    public Answer answer(Received request) {
        var body = request.json();
        boolean asked = body.path("stream_options").path("include_usage").asBoolean(false);
        return body.path("stream").asBoolean(false) ? streamed(asked) : plain();
    }

    public Answer plain() {
        return Answer.json(200, plainBody()).truly(truth);
    }

    public Answer streamed(boolean usageAsked) {
        return Answer.sse(stream(usageAsked)).truly(truth);
    }

    /** Each event in a write and a chunk of its own. */
    public Answer eventByEvent(boolean usageAsked) {
        return streamed(usageAsked).pieces(SseText.PLAIN.each(events(usageAsked)));
    }

    /** A provider that answers every request with this. */
    public Function<Received, Answer> always() {
        return this::answer;
    }

    /** A provider that answers 400 to {@code stream_options} and otherwise this. */
    public Function<Received, Answer> rejectingStreamOptions() {
        return request -> request.json().has("stream_options")
                ? Answer.error(400, "unknown_parameter", "Unrecognized request argument supplied: stream_options")
                : answer(request);
    }

    private ObjectNode bareChunk() {
        return JSON.createObjectNode()
                .put("id", id)
                .put("object", "chat.completion.chunk")
                .put("created", CREATED)
                .put("model", model)
                .put("service_tier", "default")
                .put("system_fingerprint", "fp_fake");
    }

    private String chunk(ObjectNode delta, String finishReason, int tokensSoFar, boolean usageAsked) {
        var chunk = bareChunk();
        var choice = chunk.putArray("choices").addObject();
        choice.put("index", 0).set("delta", delta);
        choice.putNull("logprobs");
        if (finishReason.isEmpty()) {
            choice.putNull("finish_reason");
        } else {
            choice.put("finish_reason", finishReason);
        }
        if (usageIn == UsageIn.EVERY_CHUNK) {
            boolean last = !finishReason.isEmpty();
            chunk.set("usage", usage(last ? reported : Tokens.of(reported.prompt(), tokensSoFar)));
        } else if (usageIn == UsageIn.FINISH_CHUNK_ALWAYS && !finishReason.isEmpty()) {
            chunk.set("usage", usage(reported));
        } else if (usageIn == UsageIn.NULL_THEN_LAST_CHUNK_WHEN_ASKED && usageAsked) {
            chunk.putNull("usage");
        }
        return JSON.writeValueAsString(padded(chunk));
    }

    private ObjectNode padded(ObjectNode chunk) {
        return padding.isEmpty() ? chunk : chunk.put("obfuscation", padding);
    }

    /** OpenAI's usage object. */
    static ObjectNode usage(Tokens tokens) {
        var usage = JSON.createObjectNode()
                .put("prompt_tokens", tokens.prompt())
                .put("completion_tokens", tokens.completion())
                .put("total_tokens", tokens.total());
        usage.putObject("prompt_tokens_details")
                .put("cached_tokens", tokens.cached())
                .put("audio_tokens", 0);
        usage.putObject("completion_tokens_details")
                .put("reasoning_tokens", tokens.reasoning())
                .put("audio_tokens", 0)
                .put("accepted_prediction_tokens", 0)
                .put("rejected_prediction_tokens", 0);
        return usage;
    }
}
