package io.mixgateway.relay.dialect.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.mixgateway.relay.meter.Usage;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpenAiUsageTest {

    // FAILURES 25, 26: cached tokens are a part of the prompt
    @Test
    void splitsOpenAisCounts() {
        var usage = read(
                "{\"prompt_tokens\":13,\"completion_tokens\":85,\"total_tokens\":98,\"prompt_tokens_details\":{\"cached_tokens\":3,\"audio_tokens\":2},"
                        + "\"completion_tokens_details\":{\"reasoning_tokens\":64,\"audio_tokens\":1}}");
        assertThat(usage).contains(new Usage(8, 3, 0, 0, 20, 64, 2, 1, 0, 0, 98));
        assertThat(usage.orElseThrow().addsUp()).isTrue();
    }

    // FAILURES 27: xAI counts reasoning beside completion_tokens
    @Test
    void takesReasoningAsAnAdditionWhereTheTotalSaysSo() {
        var usage = read(
                "{\"prompt_tokens\":10,\"completion_tokens\":35,\"total_tokens\":420,\"prompt_tokens_details\":{\"cached_tokens\":3},"
                        + "\"completion_tokens_details\":{\"reasoning_tokens\":375}}");
        assertThat(usage).contains(new Usage(7, 3, 0, 0, 35, 375, 0, 0, 0, 0, 420));
        assertThat(usage.orElseThrow().addsUp()).isTrue();
    }

    @Test
    void knowsDeepSeeksCacheField() {
        assertThat(
                        read(
                                "{\"prompt_tokens\":100,\"completion_tokens\":1,\"total_tokens\":101,\"prompt_cache_hit_tokens\":64,\"prompt_cache_miss_tokens\":36}"))
                .contains(new Usage(36, 64, 0, 0, 1, 0, 0, 0, 0, 0, 101));
    }

    @Test
    void flagsASumThatDoesNotFit() {
        assertThat(read("{\"prompt_tokens\":1,\"completion_tokens\":1,\"total_tokens\":50}")
                        .orElseThrow()
                        .addsUp())
                .isFalse();
        assertThat(
                        read("{\"prompt_tokens\":1,\"completion_tokens\":1,\"total_tokens\":2,\"prompt_tokens_details\":{\"cached_tokens\":9}}")
                                .orElseThrow()
                                .addsUp())
                .isFalse();
    }

    // FAILURES 33
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "null",
                "[]",
                "{\"prompt_tokens\":-1,\"completion_tokens\":1}",
                "{\"prompt_tokens\":1e400}",
                "{\"prompt_tokens\":99999999999999999999,\"completion_tokens\":1}",
                "{\"prompt_tokens\":\"5\"}",
                "{\"prompt_tokens\":1"
            })
    void readsNothingFromImpossibleCounts(String json) {
        assertThat(read(json)).isEmpty();
    }

    private static Optional<Usage> read(String json) {
        var bytes = json.getBytes(StandardCharsets.UTF_8);
        return OpenAiUsage.read(bytes, 0, bytes.length, false);
    }
}
