package io.mixgateway.conformance.spring;

import static io.mixgateway.conformance.spring.Models.GATEWAY;
import static io.mixgateway.conformance.spring.Models.MOCK_TEXT;
import static io.mixgateway.conformance.spring.Models.PERSON_SCHEMA;
import static io.mixgateway.conformance.spring.Models.QUESTION;
import static io.mixgateway.conformance.spring.Models.WEATHER;
import static io.mixgateway.conformance.spring.Models.chat;
import static io.mixgateway.conformance.spring.Models.message;
import static java.util.Objects.requireNonNullElse;
import static org.assertj.core.api.Assertions.assertThat;

import io.mixgateway.conformance.spring.Models.City;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiEmbeddingModel;
import org.springframework.ai.openai.OpenAiEmbeddingOptions;
import tools.jackson.databind.json.JsonMapper;

/** What goes well: every answer is the one that the provider itself would have given. */
class SpringAiIT {
    private static final JsonMapper JSON = new JsonMapper();

    @Test
    void plainAnswerIsTheProvidersOwn() {
        var through = chat("mock:chat").call(new Prompt(QUESTION));
        var past = chat(GATEWAY.mockUrl(), "sk-any", "chat", _ -> {}).call(new Prompt(QUESTION));

        assertThat(message(through)).isEqualTo(message(past));
        assertThat(through.getMetadata().getUsage().getTotalTokens())
                .isEqualTo(past.getMetadata().getUsage().getTotalTokens());
        assertThat(message(through).getText()).isEqualTo(MOCK_TEXT);
    }

    // FAILURES 4, 7 and 10: no choices in the first chunk; text in five scripts; comments between the events.
    @ParameterizedTest
    @ValueSource(strings = {"chat", "azure", "commented"})
    void streamedAnswerIsTheProvidersOwn(String model) {
        var through = stream(chat("mock:" + model));
        var past = stream(chat(GATEWAY.mockUrl(), "sk-any", model, _ -> {}));

        assertThat(texts(through)).isEqualTo(texts(past));
        assertThat(String.join("", texts(through))).isEqualTo(MOCK_TEXT);
    }

    // FAILURES 1: usage comes in a stream only when it is asked for.
    @ParameterizedTest
    @ValueSource(strings = {"mock:chat", "sandbox:echo"})
    void usageComesInAStreamOnlyWhenAskedFor(String model) {
        var unasked = stream(chat(model, options -> options.streamUsage(false)));
        var asked = stream(chat(model, options -> options.streamUsage(true)));

        assertThat(unasked)
                .allSatisfy(part -> assertThat(part.getMetadata().getUsage().getTotalTokens())
                        .isZero());
        assertThat(asked)
                .anySatisfy(part -> assertThat(part.getMetadata().getUsage().getTotalTokens())
                        .isPositive());
    }

    @Test
    void sandboxStreamsWhatItAnswersPlainly() {
        var plain = message(chat("sandbox:echo").call(new Prompt(QUESTION))).getText();

        assertThat(plain).contains(QUESTION);
        assertThat(String.join("", texts(stream(chat("sandbox:echo"))))).isEqualTo(plain);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mock:chat", "sandbox:echo"})
    void toolCallsSatisfyTheirSchemaAndLeadToAnAnswer(String name) {
        var model = chat(name, options -> options.toolCallbacks(WEATHER));
        var asked = message(model.call(new Prompt(QUESTION)));
        var streamed = stream(model).stream()
                .flatMap(part -> part.getResults().stream())
                .flatMap(result -> result.getOutput().getToolCalls().stream())
                .toList();

        assertThat(asked.getToolCalls()).isNotEmpty().allSatisfy(call -> {
            var city = JSON.readValue(call.arguments(), City.class);
            assertThat(city.city()).isNotEmpty();
            assertThat(city.unit()).isNotNull();
        });
        assertThat(streamed)
                .extracting(AssistantMessage.ToolCall::arguments)
                .isEqualTo(asked.getToolCalls().stream()
                        .map(AssistantMessage.ToolCall::arguments)
                        .toList());

        var messages = new ArrayList<Message>(List.of(new UserMessage(QUESTION), asked));
        messages.add(ToolResponseMessage.builder()
                .responses(asked.getToolCalls().stream()
                        .map(call -> new ToolResponseMessage.ToolResponse(call.id(), call.name(), "21 degrees"))
                        .toList())
                .build());
        var answer = model.call(new Prompt(messages));
        assertThat(message(answer).getText()).isNotEmpty();
        assertThat(message(answer).getToolCalls()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mock:chat", "sandbox:echo"})
    void structuredAnswerSatisfiesItsSchema(String name) {
        var answer = chat(name, options -> options.outputSchema(PERSON_SCHEMA)).call(new Prompt(QUESTION));

        var person = JSON.readTree(requireNonNullElse(message(answer).getText(), ""));
        assertThat(person.path("name").isString()).isTrue();
        assertThat(person.path("age").isIntegralNumber()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mock:embed", "sandbox:embed"})
    void embeddingsComeOnePerText(String name) {
        var options = OpenAiEmbeddingOptions.builder();
        options.baseUrl(GATEWAY.baseUrl()).apiKey(GATEWAY.apiKey()).model(name);
        var model = OpenAiEmbeddingModel.builder().options(options.build()).build();

        var embeddings = model.embedForResponse(List.of("one", "둘 👋"));

        assertThat(embeddings.getResults()).hasSize(2);
        assertThat(embeddings.getResults().getFirst().getOutput())
                .isNotEqualTo(embeddings.getResults().get(1).getOutput());
        assertThat(embeddings.getMetadata().getUsage().getPromptTokens()).isPositive();
    }

    // FAILURES 17: a client that leaves a stream is noticed by the provider.
    @Test
    void cancellingAStreamStopsTheProvider() {
        var marker = "cancel-" + System.nanoTime();

        var first = chat("mock:endless").stream(new Prompt(marker))
                .take(2)
                .collectList()
                .block(Duration.ofSeconds(10));

        assertThat(first).hasSize(2);
        assertThat(GATEWAY.seenLeaving(marker, Duration.ofSeconds(8))).isTrue();
    }

    static List<ChatResponse> stream(OpenAiChatModel model) {
        return requireNonNullElse(
                model.stream(new Prompt(QUESTION)).collectList().block(Duration.ofSeconds(30)), List.of());
    }

    private static List<String> texts(List<ChatResponse> parts) {
        return parts.stream()
                .flatMap(part -> part.getResults().stream())
                .map(result -> requireNonNullElse(result.getOutput().getText(), ""))
                .toList();
    }
}
