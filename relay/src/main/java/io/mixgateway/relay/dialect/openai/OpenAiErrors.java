package io.mixgateway.relay.dialect.openai;

import io.mixgateway.relay.call.CallRefused;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Errors in OpenAI's shape: {@code {"error":{"message","type","param","code"}}} (API description, ErrorResponse). */
public final class OpenAiErrors {
    private static final JsonFactory JSON = new JsonFactory();

    private OpenAiErrors() {}

    /** The body of a refusal. */
    public static byte[] body(CallRefused refused) {
        return json(generator -> {
            generator.writeStartObject();
            error(generator, refused);
            generator.writeEndObject();
        });
    }

    /**
     * The end of a stream that failed after bytes were out: a chunk with the error and the finish reason
     * {@code error}, the error alone, as OpenAI itself sends it, for clients that look for an error only where there is no
     * choice, then {@code [DONE]}.
     *
     * @param id the id of the stream's chunks
     * @param createdSeconds seconds since 1970
     */
    public static byte[] streamEnd(CallRefused refused, String id, long createdSeconds, String model) {
        var chunk = json(generator -> {
            generator.writeStartObject();
            generator.writeStringProperty("id", id);
            generator.writeStringProperty("object", "chat.completion.chunk");
            generator.writeNumberProperty("created", createdSeconds);
            generator.writeStringProperty("model", model);
            generator.writeArrayPropertyStart("choices");
            generator.writeStartObject();
            generator.writeNumberProperty("index", 0);
            generator.writeObjectPropertyStart("delta");
            generator.writeEndObject();
            generator.writeStringProperty("finish_reason", "error");
            generator.writeEndObject();
            generator.writeEndArray();
            error(generator, refused);
            generator.writeEndObject();
        });
        return ("data: " + new String(chunk, StandardCharsets.UTF_8) + "\n\ndata: "
                        + new String(body(refused), StandardCharsets.UTF_8) + "\n\ndata: [DONE]\n\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static void error(JsonGenerator generator, CallRefused refused) {
        generator.writeObjectPropertyStart("error");
        generator.writeStringProperty("message", refused.getMessage());
        generator.writeStringProperty("type", refused.refusal().openAiType());
        string(generator, "param", refused.param());
        generator.writeStringProperty("code", refused.refusal().code());
        refused.details().forEach((name, value) -> {
            switch (value) {
                case Long number -> generator.writeNumberProperty(name, number);
                case Integer number -> generator.writeNumberProperty(name, number);
                case Boolean bool -> generator.writeBooleanProperty(name, bool);
                default -> generator.writeStringProperty(name, value.toString());
            }
        });
        generator.writeEndObject();
    }

    private static void string(JsonGenerator generator, String name, @Nullable String value) {
        if (value == null) {
            generator.writeNullProperty(name);
        } else {
            generator.writeStringProperty(name, value);
        }
    }

    private interface Writing {
        void to(JsonGenerator generator);
    }

    private static byte[] json(Writing writing) {
        var out = new StringWriter();
        try (var generator = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            writing.to(generator);
        }
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }
}
