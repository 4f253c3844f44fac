package io.mixgateway.conformance.langchain4j;

import static io.mixgateway.conformance.langchain4j.Models.GATEWAY;
import static io.mixgateway.conformance.langchain4j.Models.MOCK_TEXT;
import static io.mixgateway.conformance.langchain4j.Models.PERSON;
import static io.mixgateway.conformance.langchain4j.Models.WEATHER;
import static io.mixgateway.conformance.langchain4j.Models.asking;
import static io.mixgateway.conformance.langchain4j.Models.finished;
import static io.mixgateway.conformance.langchain4j.Models.plain;
import static io.mixgateway.conformance.langchain4j.Models.streaming;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.catalog.ModelDescription;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.model.openai.OpenAiModelCatalog;
import dev.langchain4j.model.output.FinishReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes well: every answer is the one that the provider itself would have given. */
class LangChain4jIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void plainAnswerIsTheProvidersOwn() {
        var through = plain("mock:chat").chat(asking().build());
        var past = plain(GATEWAY.mockUrl(), "sk-any", "chat").chat(asking().build());

        assertThat(through.aiMessage()).isEqualTo(past.aiMessage());
        assertThat(through.tokenUsage()).isEqualTo(past.tokenUsage());
        assertThat(through.aiMessage().text()).isEqualTo(MOCK_TEXT);
    }

    // FAILURES 4, 7 and 10: no choices in the first chunk; text in five scripts; comments between the events.
    @ParameterizedTest
    @ValueSource(strings = {"chat", "azure", "commented"})
    void streamedAnswerIsTheProvidersOwn(String model) throws Exception {
        var through = finished(streaming("mock:" + model), asking().build());
        var past = finished(streaming(GATEWAY.mockUrl(), "sk-any", model), asking().build());

        assertThat(through.aiMessage()).isEqualTo(past.aiMessage());
        assertThat(through.tokenUsage()).isEqualTo(past.tokenUsage());
        assertThat(through.aiMessage().text()).isEqualTo(MOCK_TEXT);
        assertThat(through.finishReason()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void sandboxStreamsWhatItAnswersPlainly() throws Exception {
        var answer = plain("sandbox:echo").chat(asking("Hello, 세계 👋").build());
        var streamed =
                finished(streaming("sandbox:echo"), asking("Hello, 세계 👋").build());

        assertThat(answer.aiMessage().text()).contains("Hello, 세계 👋");
        assertThat(streamed.aiMessage().text()).isEqualTo(answer.aiMessage().text());
        assertThat(streamed.tokenUsage().totalTokenCount())
                .isEqualTo(answer.tokenUsage().totalTokenCount())
                .isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mock:chat", "sandbox:echo"})
    void toolCallsSatisfyTheirSchemaAndLeadToAnAnswer(String model) throws Exception {
        var request = asking().toolSpecifications(WEATHER).build();
        var asked = plain(model).chat(request).aiMessage();
        var streamed = finished(streaming(model), request).aiMessage();

        assertThat(asked.toolExecutionRequests()).isNotEmpty();
        assertThat(arguments(streamed.toolExecutionRequests())).isEqualTo(arguments(asked.toolExecutionRequests()));
        for (var call : asked.toolExecutionRequests()) {
            var arguments = JSON.readTree(call.arguments());
            assertThat(call.name()).isEqualTo("get_weather");
            assertThat(arguments.path("city").isTextual()).isTrue();
            assertThat(arguments.path("unit").asText()).isIn("celsius", "fahrenheit");
        }

        var messages = new ArrayList<ChatMessage>(request.messages());
        messages.add(asked);
        asked.toolExecutionRequests()
                .forEach(call -> messages.add(ToolExecutionResultMessage.from(call, "21 degrees")));
        var answer = plain(model)
                .chat(ChatRequest.builder()
                        .messages(messages)
                        .toolSpecifications(WEATHER)
                        .build());
        assertThat(answer.aiMessage().text()).isNotEmpty();
        assertThat(answer.finishReason()).isEqualTo(FinishReason.STOP);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mock:chat", "sandbox:echo"})
    void structuredAnswerSatisfiesItsSchema(String model) throws Exception {
        var request = asking().responseFormat(PERSON).build();
        var answer = plain(model).chat(request).aiMessage().text();

        var person = JSON.readTree(answer);
        assertThat(person.path("name").isTextual()).isTrue();
        assertThat(person.path("age").isIntegralNumber()).isTrue();
        assertThat(finished(streaming(model), request).aiMessage().text()).isEqualTo(answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mock:embed", "sandbox:embed"})
    void embeddingsComeOnePerText(String model) {
        var embeddings = OpenAiEmbeddingModel.builder()
                .baseUrl(GATEWAY.baseUrl())
                .apiKey(GATEWAY.apiKey())
                .modelName(model)
                .build()
                .embedAll(List.of(TextSegment.from("one"), TextSegment.from("둘 👋")));

        assertThat(embeddings.content()).hasSize(2);
        assertThat(embeddings.content().getFirst().vector())
                .isNotEqualTo(embeddings.content().get(1).vector());
        assertThat(requireNonNull(embeddings.tokenUsage()).inputTokenCount()).isPositive();
    }

    @Test
    void modelsAreListed() {
        var listed = OpenAiModelCatalog.builder()
                .baseUrl(GATEWAY.baseUrl())
                .apiKey(GATEWAY.apiKey())
                .build()
                .listModels();

        assertThat(listed).extracting(ModelDescription::name).contains("sandbox:echo", "mock:chat", "best");
    }

    // FAILURES 17: a client that leaves a stream is noticed by the provider.
    @Test
    void cancellingAStreamStopsTheProvider() {
        var marker = "cancel-" + System.nanoTime();
        streaming("mock:endless").chat(asking(marker).build(), new StreamingChatResponseHandler() {
            @Override
            public void onPartialResponse(PartialResponse part, PartialResponseContext context) {
                context.streamingHandle().cancel();
            }

            @Override
            public void onCompleteResponse(ChatResponse response) {}

            @Override
            public void onError(Throwable error) {}
        });

        assertThat(GATEWAY.seenLeaving(marker, Duration.ofSeconds(8))).isTrue();
    }

    private static List<String> arguments(List<ToolExecutionRequest> calls) {
        return calls.stream().map(ToolExecutionRequest::arguments).toList();
    }
}
