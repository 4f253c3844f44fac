package io.mixgateway.relay.sandbox;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mixgateway.testkit.OpenAiSchema;
import io.vertx.core.Vertx;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every document the sandbox sends, against OpenAI's own description. */
class PublishedSchemaTest {
    private static Vertx vertx;

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stop() {
        vertx.close().await();
    }

    private static OpenAiSchema schema() {
        var schema = OpenAiSchema.find();
        assumeTrue(schema.isPresent(), "OpenAI's description is not beside this checkout");
        return schema.orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"n\":1",
                "\"n\":3,\"max_tokens\":3",
                "\"logprobs\":true,\"top_logprobs\":5",
                "\"logprobs\":true",
                "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"}}}}},{\"type\":\"function\",\"function\":{\"name\":\"g\"}}]",
                "\"logprobs\":true,\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]",
                "\"response_format\":{\"type\":\"json_object\"}"
            })
    void answersAndChunksAreAsPublished(String fields) {
        var body = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello 🦄 你好\"}]," + fields;
        for (String model : List.of("echo", "free", "reasoning", "cached", "long-20", "no-usage", "running-usage")) {
            schema().check(
                            "CreateChatCompletionResponse",
                            Heard.chat(vertx, model, body + "}").text());
            for (String asked : List.of("", ",\"stream_options\":{\"include_usage\":true}")) {
                var stream = Heard.chat(vertx, model, body + ",\"stream\":true" + asked + "}");
                stream.chunks()
                        .forEach(chunk -> schema().check("CreateChatCompletionStreamResponse", chunk.toString()));
            }
        }
    }

    @Test
    void embeddingsAreAsPublished() {
        var heard = Heard.whole(vertx, "embed", "/embeddings", "{\"model\":\"embed\",\"input\":[\"a\",\"b\"]}");

        schema().check("CreateEmbeddingResponse", heard.text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"error-429", "error-500", "error-503", "echo", "nothing"})
    void errorsAreAsPublished(String model) {
        schema().check(
                        "ErrorResponse",
                        Heard.chat(vertx, model, "{\"model\":\"m\"}").text());
    }

    @Test
    void theErrorInAStreamIsAsPublished() {
        var heard = Heard.chat(
                vertx,
                "error-in-stream",
                "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}");

        schema().check("ErrorResponse", heard.chunks().getLast().toString());
    }
}
