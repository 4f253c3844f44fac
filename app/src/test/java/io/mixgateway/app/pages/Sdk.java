package io.mixgateway.app.pages;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.UnauthorizedException;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import java.time.Duration;

/** Somebody's own program: OpenAI's SDK for Java as it comes, with another base URL and key. */
final class Sdk implements AutoCloseable {
    private final OpenAIClient client;

    Sdk(String baseUrl, String key) {
        this.client = OpenAIOkHttpClient.builder()
                .baseUrl(baseUrl)
                .apiKey(key)
                .timeout(Duration.ofSeconds(15))
                .build();
    }

    /** What the sandbox answers. */
    String chat(String message) {
        return client.chat()
                .completions()
                .create(ChatCompletionCreateParams.builder()
                        .model("sandbox:echo")
                        .addUserMessage(message)
                        .build())
                .choices()
                .getFirst()
                .message()
                .content()
                .orElseThrow();
    }

    /** Whether a call is answered 401. */
    boolean isUnauthorized() {
        try {
            chat("Hi");
            return false;
        } catch (UnauthorizedException refused) {
            return true;
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
