package io.mixgateway.conformance.langchain4j;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.jdk.JdkHttpClientBuilder;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import io.mixgateway.conformance.ConformanceGateway;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Models and requests that the tests share. */
final class Models {
    static final ConformanceGateway GATEWAY = ConformanceGateway.shared();

    /** What the provider {@code mock} answers to a plain question. */
    static final String MOCK_TEXT = "Grüße, 你好, 안녕, नमस्ते 👋🏽!";

    static final ToolSpecification WEATHER = ToolSpecification.builder()
            .name("get_weather")
            .description("The weather of a city now.")
            .parameters(JsonObjectSchema.builder()
                    .addStringProperty("city")
                    .addEnumProperty("unit", List.of("celsius", "fahrenheit"))
                    .required("city", "unit")
                    .additionalProperties(false)
                    .build())
            .build();

    static final ResponseFormat PERSON = ResponseFormat.builder()
            .type(ResponseFormatType.JSON)
            .jsonSchema(JsonSchema.builder()
                    .name("person")
                    .rootElement(JsonObjectSchema.builder()
                            .addStringProperty("name")
                            .addIntegerProperty("age")
                            .required("name", "age")
                            .build())
                    .build())
            .build();

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Models() {}

    static OpenAiChatModel plain(String model) {
        return plain(GATEWAY.baseUrl(), GATEWAY.apiKey(), model);
    }

    static OpenAiChatModel plain(String baseUrl, String key, String model) {
        return plain(baseUrl, key, model, new JdkHttpClientBuilder());
    }

    /** HTTP/1.1 alone, so that its requests can be counted; LangChain4j's own choice upgrades to HTTP/2. */
    static OpenAiChatModel countedPlain(String baseUrl, String key, String model) {
        return plain(baseUrl, key, model, http1());
    }

    private static OpenAiChatModel plain(String baseUrl, String key, String model, HttpClientBuilder http) {
        return OpenAiChatModel.builder()
                .httpClientBuilder(http)
                .baseUrl(baseUrl)
                .apiKey(key)
                .modelName(model)
                .timeout(PATIENCE)
                .build();
    }

    static OpenAiStreamingChatModel streaming(String model) {
        return streaming(GATEWAY.baseUrl(), GATEWAY.apiKey(), model);
    }

    static OpenAiStreamingChatModel streaming(String baseUrl, String key, String model) {
        return streaming(baseUrl, key, model, new JdkHttpClientBuilder());
    }

    static OpenAiStreamingChatModel countedStreaming(String baseUrl, String key, String model) {
        return streaming(baseUrl, key, model, http1());
    }

    private static OpenAiStreamingChatModel streaming(
            String baseUrl, String key, String model, HttpClientBuilder http) {
        return OpenAiStreamingChatModel.builder()
                .httpClientBuilder(http)
                .baseUrl(baseUrl)
                .apiKey(key)
                .modelName(model)
                .timeout(PATIENCE)
                .build();
    }

    private static HttpClientBuilder http1() {
        return new JdkHttpClientBuilder()
                .httpClientBuilder(HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1));
    }

    static ChatRequest.Builder asking(String text) {
        return ChatRequest.builder().messages(UserMessage.from(text));
    }

    static ChatRequest.Builder asking() {
        return asking("How is the weather in Zürich, 서울 and नई दिल्ली? 🌦️");
    }

    /** What a stream ends with; throws what it fails with. */
    static ChatResponse finished(OpenAiStreamingChatModel model, ChatRequest request) throws Exception {
        var end = new CompletableFuture<ChatResponse>();
        model.chat(request, new StreamingChatResponseHandler() {
            @Override
            public void onCompleteResponse(ChatResponse response) {
                end.complete(response);
            }

            @Override
            public void onError(Throwable error) {
                end.completeExceptionally(error);
            }
        });
        return end.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
}
