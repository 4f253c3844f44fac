package io.mixgateway.relay.meter;

import static org.assertj.core.api.Assertions.assertThat;

import io.mixgateway.relay.content.RequestContent;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenCounterTest {
    private static final String THOUSAND_WORDS = " word".repeat(1_000);

    @Test
    void countsAMessageAsOpenAiDoes() {
        // "Hello world" is two tokens, a message four more, the beginning of the answer three.
        assertThat(prompt("\"messages\":[{\"role\":\"user\",\"content\":\"Hello world\"}]"))
                .isBetween(9L, 10L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"messages\":[{\"role\":\"user\",\"content\":\"TEXT\"}]",
                "\"messages\":[{\"role\":\"user\",\"content\":\"data:TEXT\"}]",
                "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"TEXT\"}]}]",
                "\"messages\":[{\"role\":\"user\",\"content\":[\"TEXT\"]}]",
                "\"messages\":[{\"role\":\"assistant\",\"tool_calls\":[{\"function\":{\"arguments\":\"TEXT\"}}]}]",
                "\"messages\":[{\"role\":\"TEXT\",\"content\":\"\"}]",
                "\"messages\":[{\"role\":\"user\",\"reasoning_content\":\"TEXT\"}]",
                "\"input\":\"TEXT\"",
                "\"input\":[\"TEXT\"]",
                "\"tools\":[{\"function\":{\"description\":\"TEXT\"}}]",
                "\"tools\":[{\"function\":{\"parameters\":{\"properties\":{\"a\":{\"enum\":[\"TEXT\"]}}}}}]",
                "\"tools\":[{\"function\":{\"parameters\":{\"properties\":{\"TEXT\":{}}}}}]",
                "\"tools\":[{\"function\":{\"parameters\":{\"data\":\"TEXT\"}}}]",
                "\"response_format\":{\"json_schema\":{\"schema\":{\"title\":\"TEXT\"}}}"
            })
    void countsWordsWhereverAModelReadsThem(String fields) {
        assertThat(prompt(fields.replace("TEXT", THOUSAND_WORDS))).isBetween(1_000L, 1_060L);
    }

    @Test
    void leavesOutWhatNoModelReads() {
        assertThat(prompt("\"messages\":[],\"user\":\"" + THOUSAND_WORDS + "\",\"metadata\":{\"text\":\""
                        + THOUSAND_WORDS + "\"}"))
                .isLessThan(6);
    }

    @Test
    void takesAPictureForSomeTokensHoweverLongItIs() {
        var picture = "data:image/png;base64," + "QUJD".repeat(50_000);

        assertThat(prompt(
                        "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\""
                                + picture + "\"}}]}]"))
                .isBetween(1_000L, 1_100L);
    }

    @Test
    void countsTokensThatAreGivenAsNumbers() {
        assertThat(prompt("\"input\":[[1,2,3],[4,5]]")).isEqualTo(8);
    }

    private static long prompt(String fields) {
        return TokenCounter.ofPrompt(
                RequestContent.of(("{\"model\":\"m\"," + fields + "}").getBytes(StandardCharsets.UTF_8)));
    }
}
