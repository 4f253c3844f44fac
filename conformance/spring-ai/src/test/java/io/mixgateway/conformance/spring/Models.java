package io.mixgateway.conformance.spring;

import io.mixgateway.conformance.ConformanceGateway;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.function.FunctionToolCallback;

/** Models and requests that the tests share. */
final class Models {
    static final ConformanceGateway GATEWAY = ConformanceGateway.shared();

    /** What the provider {@code mock} answers to a plain question. */
    static final String MOCK_TEXT = "Grüße, 你好, 안녕, नमस्ते 👋🏽!";

    static final String QUESTION = "How is the weather in Zürich, 서울 and नई दिल्ली? 🌦️";

    static final String PERSON_SCHEMA = """
            {"type":"object","properties":{"name":{"type":"string"},"age":{"type":"integer"}},
             "required":["name","age"],"additionalProperties":false}""";

    /** Units of temperature. */
    enum Unit {
        celsius,
        fahrenheit
    }

    /** What the tool is called with. */
    record City(String city, Unit unit) {}

    static final ToolCallback WEATHER = FunctionToolCallback.builder("get_weather", (City _) -> "21 degrees")
            .description("The weather of a city now.")
            .inputType(City.class)
            .build();

    private Models() {}

    static OpenAiChatModel chat(String model) {
        return chat(model, _ -> {});
    }

    static OpenAiChatModel chat(String model, Consumer<OpenAiChatOptions.Builder> more) {
        return chat(GATEWAY.baseUrl(), GATEWAY.apiKey(), model, more);
    }

    static OpenAiChatModel chat(String baseUrl, String key, String model, Consumer<OpenAiChatOptions.Builder> more) {
        var options = OpenAiChatOptions.builder();
        options.baseUrl(baseUrl).apiKey(key).timeout(Duration.ofSeconds(30));
        options.model(model);
        more.accept(options);
        return OpenAiChatModel.builder().options(options.build()).build();
    }

    static AssistantMessage message(ChatResponse response) {
        return Objects.requireNonNull(response.getResult()).getOutput();
    }
}
