package io.mixgateway.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.json.JsonMapper;

class RandomChatTest {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(tools.jackson.databind.DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    @Test
    void drawsValidRequestsAndKnowsWhereTheirPartsStand() {
        for (long seed = 0; seed < 500; seed++) {
            var chat = RandomChat.drawn(seed, "mock:m-1");
            var tree = JSON.readTree(chat.bytes());
            assertThat(tree.path("model").asString()).as(chat.toString()).isEqualTo("mock:m-1");
            assertThat(tree.path("stream").asBoolean(false)).isEqualTo(chat.streams());
            assertThat(tree.path("stream_options").path("include_usage").asBoolean(false))
                    .isEqualTo(chat.asksUsage());
            var renamed = chat.withModel("other");
            assertThat(JSON.readTree(renamed).path("model").asString()).isEqualTo("other");
            chat.streamOptions().ifPresent(span -> {
                var moved = chat.moved(span, "other");
                assertThat(new String(Arrays.copyOfRange(renamed, moved.from(), moved.to()), UTF_8))
                        .isEqualTo(new String(Arrays.copyOfRange(chat.bytes(), span.from(), span.to()), UTF_8));
            });
        }
    }

    @Test
    void drawsTheSameFromTheSameSeed() {
        assertThat(RandomChat.drawn(7, "m").bytes())
                .isEqualTo(RandomChat.drawn(7, "m").bytes());
        assertThat(RandomChat.drawn(8, "m").bytes())
                .isNotEqualTo(RandomChat.drawn(7, "m").bytes());
    }
}
