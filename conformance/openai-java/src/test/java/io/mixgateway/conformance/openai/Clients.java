package io.mixgateway.conformance.openai;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import io.mixgateway.conformance.ConformanceGateway;
import java.time.Duration;

/** Clients and requests that the tests share. */
final class Clients {
    static final ConformanceGateway GATEWAY = ConformanceGateway.shared();

    /** What the provider {@code mock} answers to a plain question. */
    static final String MOCK_TEXT = "Grüße, 你好, 안녕, नमस्ते 👋🏽!";

    private Clients() {}

    static OpenAIClient client(String baseUrl, String key) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(baseUrl)
                .apiKey(key)
                .timeout(Duration.ofSeconds(30))
                .build();
    }

    static OpenAIClient throughGateway() {
        return client(GATEWAY.baseUrl(), GATEWAY.apiKey());
    }

    static OpenAIClient pastGateway() {
        return client(GATEWAY.mockUrl(), "sk-any");
    }

    static ChatCompletionCreateParams.Builder asking(String model, String text) {
        return ChatCompletionCreateParams.builder().model(model).addUserMessage(text);
    }

    static ChatCompletionCreateParams.Builder asking(String model) {
        return asking(model, "How is the weather in Zürich, 서울 and नई दिल्ली? 🌦️");
    }

    /** Units of temperature. */
    enum Unit {
        celsius,
        fahrenheit
    }

    /** A tool; the SDK makes its schema from the class. */
    @JsonTypeName("get_weather")
    @JsonClassDescription("The weather of a city now.")
    record GetWeather(String city, Unit unit) {}

    /** What a structured answer is read into. */
    record Person(String name, int age) {}
}
