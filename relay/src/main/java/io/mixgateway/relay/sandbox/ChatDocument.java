package io.mixgateway.relay.sandbox;

import io.mixgateway.relay.sandbox.ChatReply.Call;
import io.mixgateway.relay.sandbox.ChatReply.Choice;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tools.jackson.core.JsonGenerator;

/** A reply as one {@code chat.completion} document. */
final class ChatDocument {
    private final ChatReply reply;
    private final boolean withUsage;

    ChatDocument(ChatReply reply, boolean withUsage) {
        this.reply = reply;
        this.withUsage = withUsage;
    }

    Body body() {
        Stream<Consumer<JsonGenerator>> choices = reply.choices().stream().flatMap(this::choice);
        return new JsonBody(Stream.concat(
                        Stream.concat(Stream.<Consumer<JsonGenerator>>of(this::open), choices),
                        Stream.<Consumer<JsonGenerator>>of(this::close))
                .iterator());
    }

    private void open(JsonGenerator to) {
        to.writeStartObject();
        to.writeStringProperty("id", reply.id());
        to.writeStringProperty("object", "chat.completion");
        to.writeNumberProperty("created", reply.created());
        to.writeStringProperty("model", reply.model());
        to.writeArrayPropertyStart("choices");
    }

    private void close(JsonGenerator to) {
        to.writeEndArray();
        if (withUsage) {
            to.writeName("usage");
            reply.usage().write(to);
        }
        to.writeStringProperty("service_tier", "default");
        to.writeStringProperty("system_fingerprint", ChatReply.FINGERPRINT);
        to.writeEndObject();
    }

    /** With log probabilities each token is a step of its own, for they are many times longer than the text. */
    private Stream<Consumer<JsonGenerator>> choice(Choice choice) {
        if (reply.topLogprobs().isEmpty() || choice.text().isEmpty()) {
            return Stream.of(to -> {
                message(to, choice);
                to.writeNullProperty("logprobs");
                finish(to, choice);
            });
        }
        var spoken = choice.text().orElseThrow();
        int alternatives = reply.topLogprobs().orElseThrow();
        var reading = spoken.read();
        Stream<Consumer<JsonGenerator>> tokens = Stream.iterate(
                        reading.next(), fragment -> fragment != null, _ -> reading.next())
                .map(fragment -> to -> {
                    if (fragment != null) {
                        Logprobs.write(to, spoken, fragment, alternatives);
                    }
                });
        Consumer<JsonGenerator> before = to -> {
            message(to, choice);
            to.writeObjectPropertyStart("logprobs");
            to.writeArrayPropertyStart("content");
        };
        Consumer<JsonGenerator> after = to -> {
            to.writeEndArray();
            to.writeNullProperty("refusal");
            to.writeEndObject();
            finish(to, choice);
        };
        return Stream.concat(Stream.concat(Stream.of(before), tokens), Stream.of(after));
    }

    private static void message(JsonGenerator to, Choice choice) {
        to.writeStartObject();
        to.writeNumberProperty("index", choice.index());
        to.writeObjectPropertyStart("message");
        to.writeStringProperty("role", "assistant");
        to.writeStringProperty("content", choice.text().map(Spoken::text).orElse(null));
        if (!choice.calls().isEmpty()) {
            to.writeArrayPropertyStart("tool_calls");
            choice.calls().forEach(call -> call(to, call));
            to.writeEndArray();
        }
        to.writeNullProperty("refusal");
        to.writeArrayPropertyStart("annotations");
        to.writeEndArray();
        to.writeEndObject();
    }

    private static void call(JsonGenerator to, Call call) {
        to.writeStartObject();
        to.writeStringProperty("id", call.id());
        to.writeStringProperty("type", "function");
        to.writeObjectPropertyStart("function");
        to.writeStringProperty("name", call.name());
        to.writeStringProperty("arguments", call.arguments().text());
        to.writeEndObject();
        to.writeEndObject();
    }

    private static void finish(JsonGenerator to, Choice choice) {
        to.writeStringProperty("finish_reason", choice.finish().word());
        to.writeEndObject();
    }
}
