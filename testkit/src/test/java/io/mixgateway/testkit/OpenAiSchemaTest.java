package io.mixgateway.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OpenAiSchemaTest {
    private static final String CHUNK = "CreateChatCompletionStreamResponse";

    @BeforeEach
    void hasTheDescription() {
        assumeTrue(OpenAiSchema.find().isPresent(), "OpenAI's API description is not here");
    }

    @Test
    void acceptsWhatTheFakeProviderSays() {
        var schema = OpenAiSchema.find().orElseThrow();
        var chat = OpenAiChat.saying("Hi", " there");
        schema.check("CreateChatCompletionResponse", chat.plainBody());
        chat.events(true).stream()
                .filter(event -> !event.equals("[DONE]"))
                .forEach(event -> schema.check(CHUNK, event));
        schema.check(
                "ErrorResponse",
                Answer.error(429, "rate_limit_exceeded", "Slow down.").bodyText());
    }

    @Test
    void refusesWhatItShould() {
        var schema = OpenAiSchema.find().orElseThrow();
        var event = OpenAiChat.saying("Hi").events(false).getFirst();
        assertThat(schema.violations(CHUNK, event.replace("chat.completion.chunk", "chunk")))
                .isNotEmpty();
        assertThat(schema.violations(CHUNK, event.replace("\"id\"", "\"Id\""))).isNotEmpty();
        assertThat(schema.violations(CHUNK, event.replace("\"finish_reason\":null", "\"finish_reason\":\"done\"")))
                .isNotEmpty();
        assertThat(schema.violations("ErrorResponse", "{\"error\":{\"message\":\"x\",\"type\":\"y\"}}"))
                .isNotEmpty();
        assertThatThrownBy(() -> schema.violations("NoSuchThing", "{}")).isInstanceOf(IllegalArgumentException.class);
    }
}
