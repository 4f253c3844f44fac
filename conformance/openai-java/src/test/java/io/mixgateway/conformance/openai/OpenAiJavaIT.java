package io.mixgateway.conformance.openai;

import static io.mixgateway.conformance.openai.Clients.GATEWAY;
import static io.mixgateway.conformance.openai.Clients.MOCK_TEXT;
import static io.mixgateway.conformance.openai.Clients.asking;
import static io.mixgateway.conformance.openai.Clients.pastGateway;
import static io.mixgateway.conformance.openai.Clients.throughGateway;
import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.models.Model;
import io.mixgateway.conformance.openai.Clients.GetWeather;
import io.mixgateway.conformance.openai.Clients.Person;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes well: every answer is the one that the provider itself would have given. */
class OpenAiJavaIT {
    private final OpenAIClient gateway = throughGateway();
    private final OpenAIClient provider = pastGateway();

    @Test
    void plainAnswerIsTheProvidersOwn() {
        var through = gateway.chat().completions().create(asking("mock:chat").build());

        assertThat(through)
                .isEqualTo(provider.chat().completions().create(asking("chat").build()));
        assertThat(text(through)).isEqualTo(MOCK_TEXT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mock:chat", "mock/chat", "best"})
    void everyNameOfAModelReachesIt(String name) {
        var answer = gateway.chat().completions().create(asking(name).build());

        assertThat(text(answer)).isEqualTo(MOCK_TEXT);
    }

    @Test
    void sandboxSaysBackWhatItWasTold() {
        var answer = gateway.chat()
                .completions()
                .create(asking("sandbox:echo", "Hello, 세계 👋").build());

        assertThat(text(answer)).contains("Hello, 세계 👋");
        assertThat(answer.choices().getFirst().finishReason().asString()).isEqualTo("stop");
        var usage = answer.usage().orElseThrow();
        assertThat(usage.promptTokens()).isPositive();
        assertThat(usage.totalTokens()).isEqualTo(usage.promptTokens() + usage.completionTokens());
    }

    // FAILURES 7: text in five scripts and an emoji of two code points arrives as it left.
    // FAILURES 10: comments between the events do not end up as empty events.
    // FAILURES 4: Azure's first chunk has no choices and no id.
    @ParameterizedTest
    @ValueSource(strings = {"chat", "azure", "commented"})
    void streamedAnswerIsTheProvidersOwn(String model) {
        var through = stream(gateway, asking("mock:" + model));

        assertThat(through).isEqualTo(stream(provider, asking(model)));
        assertThat(text(through)).isEqualTo(MOCK_TEXT);
        assertThat(finishReasons(through)).containsExactly("stop");
    }

    // FAILURES 11 (c): a last event without its blank line, and no [DONE], is a whole answer. Past the gateway the SDK
    // loses that event, and with it the finish reason.
    @Test
    void streamWithoutItsLastLineEndIsWhole() {
        var through = stream(gateway, asking("mock:unfinished"));

        assertThat(text(through)).isEqualTo(MOCK_TEXT);
        assertThat(finishReasons(through)).containsExactly("stop");
    }

    // FAILURES 1: the gateway asks for usage to meter the call, and the client does not see that it did.
    @ParameterizedTest
    @ValueSource(strings = {"mock:chat", "sandbox:echo"})
    void usageComesInAStreamOnlyWhenAskedFor(String model) {
        var unasked = stream(gateway, asking(model));
        assertThat(unasked).noneMatch(chunk -> chunk.usage().isPresent());
        assertThat(unasked).noneMatch(chunk -> chunk.choices().isEmpty());

        var asked = stream(
                gateway,
                asking(model)
                        .streamOptions(ChatCompletionStreamOptions.builder()
                                .includeUsage(true)
                                .build()));
        assertThat(asked.getLast().choices()).isEmpty();
        assertThat(asked.getLast().usage().orElseThrow().totalTokens()).isPositive();
        assertThat(text(asked)).isEqualTo(text(unasked));
    }

    @Test
    void sandboxStreamsWhatItAnswersPlainly() {
        var plain = gateway.chat().completions().create(asking("sandbox:echo").build());
        var streamed = stream(gateway, asking("sandbox:echo"));

        assertThat(text(streamed)).isEqualTo(text(plain));
        assertThat(streamed).hasSizeGreaterThan(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mock:chat", "sandbox:echo"})
    void toolCallsSatisfyTheirSchemaPlainAndStreamed(String model) {
        var request = asking(model).addTool(GetWeather.class);

        var plain = gateway.chat().completions().create(request.build());
        var streamed = accumulated(stream(gateway, request));

        assertThat(weather(plain)).isNotEmpty().allSatisfy(call -> {
            assertThat(call.city()).isNotEmpty();
            assertThat(call.unit()).isNotNull();
        });
        assertThat(weather(streamed)).isEqualTo(weather(plain));
        assertThat(plain.choices().getFirst().finishReason().asString()).isEqualTo("tool_calls");
        assertThat(streamed.choices().getFirst().finishReason().asString()).isEqualTo("tool_calls");
    }

    @Test
    void toolCallsAreTheProvidersOwn() {
        var request = asking("mock:chat").addTool(GetWeather.class);
        var same = asking("chat").addTool(GetWeather.class);

        assertThat(gateway.chat().completions().create(request.build()))
                .isEqualTo(provider.chat().completions().create(same.build()));
        assertThat(stream(gateway, request)).isEqualTo(stream(provider, same));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mock:chat", "sandbox:echo"})
    void resultsOfToolsLeadToAnAnswer(String model) {
        var request = asking(model).addTool(GetWeather.class);
        var asked = gateway.chat().completions().create(request.build());
        var message = asked.choices().getFirst().message();
        request.addMessage(message);
        message.toolCalls()
                .orElseThrow()
                .forEach(call -> request.addMessage(ChatCompletionToolMessageParam.builder()
                        .toolCallId(call.asFunction().id())
                        .content("21 degrees")
                        .build()));

        var answer = gateway.chat().completions().create(request.build());

        assertThat(text(answer)).isNotEmpty();
        assertThat(answer.choices().getFirst().finishReason().asString()).isEqualTo("stop");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mock:chat", "sandbox:echo"})
    void structuredAnswerIsReadIntoItsClass(String model) {
        var answer = gateway.chat()
                .completions()
                .create(asking(model).responseFormat(Person.class).build());

        var person = answer.choices().getFirst().message().content().orElseThrow();
        assertThat(person.name()).isNotEmpty();
    }

    @Test
    void embeddingsAreTheSameAsFloatsAndInTheSdksOwnEncoding() {
        for (String model : List.of("mock:embed", "sandbox:embed")) {
            var request =
                    EmbeddingCreateParams.builder().model(model).inputOfArrayOfStrings(List.of("one", "둘 👋", "three"));
            var byDefault = gateway.embeddings().create(request.build());
            var floats = gateway.embeddings()
                    .create(request.encodingFormat(EmbeddingCreateParams.EncodingFormat.FLOAT)
                            .build());

            assertThat(byDefault.data()).hasSize(3);
            for (int i = 0; i < 3; i++) {
                assertThat(byDefault.data().get(i).embedding()).isNotEmpty();
                assertThat(byDefault.data().get(i).embedding())
                        .isEqualTo(floats.data().get(i).embedding());
            }
            assertThat(byDefault.usage().totalTokens()).isPositive();
        }
    }

    @Test
    void modelsAreListedAndFound() {
        var listed = gateway.models().list().autoPager().stream().map(Model::id).toList();

        assertThat(listed).contains("sandbox:echo", "sandbox:embed", "mock:chat", "best");
        assertThat(gateway.models().retrieve("mock:chat").id()).isEqualTo("mock:chat");
    }

    // FAILURES 17: a client that leaves a stream is noticed by the provider within a second or two.
    @Test
    void closingAStreamStopsTheProvider() {
        var marker = "cancel-" + System.nanoTime();
        try (var response = gateway.chat()
                .completions()
                .createStreaming(asking("mock:endless", marker).build())) {
            assertThat(response.stream().limit(3)).hasSize(3);
        }

        assertThat(GATEWAY.seenLeaving(marker, Duration.ofSeconds(5))).isTrue();
        assertThat(GATEWAY.seen(marker).calls()).isEqualTo(1);
    }

    static List<ChatCompletionChunk> stream(OpenAIClient client, ChatCompletionCreateParams.Builder request) {
        try (var response = client.chat().completions().createStreaming(request.build())) {
            return response.stream().toList();
        }
    }

    private static String text(ChatCompletion answer) {
        return answer.choices().getFirst().message().content().orElse("");
    }

    private static String text(List<ChatCompletionChunk> chunks) {
        return String.join(
                "",
                chunks.stream()
                        .flatMap(chunk -> chunk.choices().stream())
                        .flatMap(choice -> choice.delta().content().stream())
                        .toList());
    }

    private static List<String> finishReasons(List<ChatCompletionChunk> chunks) {
        return chunks.stream()
                .flatMap(chunk -> chunk.choices().stream())
                .flatMap(choice -> choice.finishReason().stream())
                .map(ChatCompletionChunk.Choice.FinishReason::asString)
                .toList();
    }

    private static ChatCompletion accumulated(List<ChatCompletionChunk> chunks) {
        var accumulator = ChatCompletionAccumulator.create();
        chunks.forEach(accumulator::accumulate);
        return accumulator.chatCompletion();
    }

    private static List<GetWeather> weather(ChatCompletion answer) {
        return answer.choices().getFirst().message().toolCalls().orElseThrow().stream()
                .map(call -> call.asFunction().function().arguments(GetWeather.class))
                .toList();
    }
}
