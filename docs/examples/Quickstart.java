import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.chat.completions.ChatCompletionCreateParams;

/**
 * Needs com.openai:openai-java; MIXGATEWAY_BASE_URL and MIXGATEWAY_API_KEY are base_url and api_key of DIR/first-run.json.
 */
public class Quickstart {
    public static void main(String[] args) {
        var client = OpenAIOkHttpClient.builder()
                .baseUrl(System.getenv("MIXGATEWAY_BASE_URL"))
                .apiKey(System.getenv("MIXGATEWAY_API_KEY"))
                .build();

        var question = ChatCompletionCreateParams.builder()
                .model("sandbox:echo")
                .addUserMessage("Hello, MixGateway!")
                .build();
        try (var answer = client.chat().completions().createStreaming(question)) {
            answer.stream()
                    .flatMap(chunk -> chunk.choices().stream())
                    .flatMap(choice -> choice.delta().content().stream())
                    .forEach(System.out::print);
        }
        System.out.println();
    }
}
