package io.mixgateway.relay.sandbox;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** A reply as {@code chat.completion.chunk} events: the choices take turns, a token each. */
final class ChatStream implements Body {
    /** When a stream tells its usage. */
    enum Reporting {
        /** On no chunk. */
        NEVER,
        /** Null on every chunk, and whole on one more chunk without choices. */
        AT_THE_END,
        /** So far, on every chunk. */
        ON_EVERY_CHUNK
    }

    private static final Buffer DONE = Buffer.buffer("data: [DONE]\n\n");

    private final ChatReply reply;
    private final Reporting reporting;
    private final ArrayDeque<ChoiceReading> turns = new ArrayDeque<>();
    private long spokenTokens;
    private boolean usageDue;
    private boolean doneDue = true;

    ChatStream(ChatReply reply, Reporting reporting) {
        this.reply = reply;
        this.reporting = reporting;
        this.usageDue = reporting == Reporting.AT_THE_END;
        this.spokenTokens = reply.usage().reasoning();
        reply.choices().forEach(choice -> turns.add(new ChoiceReading(choice)));
    }

    @Override
    public @Nullable Buffer next() {
        var choice = turns.poll();
        if (choice != null) {
            return chunk(choice);
        }
        if (usageDue) {
            usageDue = false;
            return usageChunk();
        }
        if (doneDue) {
            doneDue = false;
            return DONE.copy();
        }
        return null;
    }

    private Buffer chunk(ChoiceReading choice) {
        var delta = choice.next();
        spokenTokens += delta.tokens();
        if (!choice.atEnd()) {
            turns.add(choice);
        }
        return event(to -> {
            open(to);
            to.writeStartObject();
            to.writeNumberProperty("index", choice.index());
            to.writeName("delta");
            writeDelta(to, delta);
            writeLogprobs(to, delta);
            to.writeStringProperty("finish_reason", delta instanceof Delta.Closing(var finish) ? finish.word() : null);
            to.writeEndObject();
            to.writeEndArray();
            switch (reporting) {
                case NEVER -> {}
                case AT_THE_END -> to.writeNullProperty("usage");
                case ON_EVERY_CHUNK -> {
                    to.writeName("usage");
                    reply.usage().withCompletion(spokenTokens).write(to);
                }
            }
            to.writeEndObject();
        });
    }

    private Buffer usageChunk() {
        return event(to -> {
            open(to);
            to.writeEndArray();
            to.writeName("usage");
            reply.usage().write(to);
            to.writeEndObject();
        });
    }

    private void open(JsonGenerator to) {
        to.writeStartObject();
        to.writeStringProperty("id", reply.id());
        to.writeStringProperty("object", "chat.completion.chunk");
        to.writeNumberProperty("created", reply.created());
        to.writeStringProperty("model", reply.model());
        to.writeStringProperty("service_tier", "default");
        to.writeStringProperty("system_fingerprint", ChatReply.FINGERPRINT);
        to.writeArrayPropertyStart("choices");
    }

    private void writeLogprobs(JsonGenerator to, Delta delta) {
        if (reply.topLogprobs().isPresent() && delta instanceof Delta.Words(var spoken, var fragment)) {
            to.writeObjectPropertyStart("logprobs");
            to.writeArrayPropertyStart("content");
            Logprobs.write(to, spoken, fragment, reply.topLogprobs().orElseThrow());
            to.writeEndArray();
            to.writeNullProperty("refusal");
            to.writeEndObject();
        } else {
            to.writeNullProperty("logprobs");
        }
    }

    private static void writeDelta(JsonGenerator to, Delta delta) {
        to.writeStartObject();
        switch (delta) {
            case Delta.Opening(boolean calls) -> {
                to.writeStringProperty("role", "assistant");
                to.writeStringProperty("content", calls ? null : "");
                to.writeNullProperty("refusal");
            }
            case Delta.Words words ->
                to.writeStringProperty("content", words.fragment().text());
            case Delta.CallOpening(int index, var call) -> {
                to.writeArrayPropertyStart("tool_calls");
                to.writeStartObject();
                to.writeNumberProperty("index", index);
                to.writeStringProperty("id", call.id());
                to.writeStringProperty("type", "function");
                to.writeObjectPropertyStart("function");
                to.writeStringProperty("name", call.name());
                to.writeStringProperty("arguments", "");
                to.writeEndObject();
                to.writeEndObject();
                to.writeEndArray();
            }
            case Delta.CallWords(int index, var fragment) -> {
                to.writeArrayPropertyStart("tool_calls");
                to.writeStartObject();
                to.writeNumberProperty("index", index);
                to.writeObjectPropertyStart("function");
                to.writeStringProperty("arguments", fragment.text());
                to.writeEndObject();
                to.writeEndObject();
                to.writeEndArray();
            }
            case Delta.Closing _ -> {}
        }
        to.writeEndObject();
    }

    /** One server-sent event around a JSON document. */
    static Buffer event(Consumer<JsonGenerator> document) {
        var json = JsonText.bytes(document);
        return Buffer.buffer(json.length + 8)
                .appendBytes("data: ".getBytes(StandardCharsets.UTF_8))
                .appendBytes(json)
                .appendBytes("\n\n".getBytes(StandardCharsets.UTF_8));
    }
}
