package io.mixgateway.relay.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.mixgateway.relay.content.RequestContent;
import io.mixgateway.relay.meter.TokenCounter;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The gateway's own count, by which the last cent is held, is never below what the sandbox then reports. */
class PromptCountTest {
    private static final String TOOLS = "\"tools\":[" + tool("a") + ',' + tool("bc") + "]";
    private static Vertx vertx;

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stop() {
        vertx.close().await();
    }

    private static String tool(String name) {
        return "{\"type\":\"function\",\"function\":{\"name\":\"" + name
                + "\",\"parameters\":{\"type\":\"object\",\"properties\":{\"x\":{\"type\":\"string\",\"enum\":[\"p\",\"q\"]},"
                + "\"n\":{\"type\":\"integer\",\"minimum\":-1.5}},\"required\":[\"x\"],\"additionalProperties\":false}}}";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]",
                "\"messages\":[{\"role\":\"user\",\"content\":\"\"}]",
                "\"messages\":[{\"role\":\"system\",\"content\":\"Be brief.\"},{\"role\":\"user\",\"name\":\"Ann\",\"content\":\"你好 🦄\"}]",
                "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"text\",\"text\":\"b\"},{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://example.com/a.png\"}}]}]",
                "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"},{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"a\",\"arguments\":\"{}\"}}]},{\"role\":\"tool\",\"tool_call_id\":\"c1\",\"content\":\"42\"}]",
                "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],TOOLS",
            })
    void holdsForAtLeastWhatIsCharged(String fields) {
        var body = "{\"model\":\"sandbox:echo\"," + fields.replace("TOOLS", TOOLS) + "}";
        var reported = Heard.chat(vertx, "echo", body)
                .json()
                .path("usage")
                .path("prompt_tokens")
                .asLong();

        assertThat(TokenCounter.ofPrompt(RequestContent.of(body.getBytes(StandardCharsets.UTF_8))))
                .isBetween(reported, reported + 1_050);
    }
}
