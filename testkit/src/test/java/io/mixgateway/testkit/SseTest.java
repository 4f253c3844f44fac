package io.mixgateway.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SseTest {
    private static final List<String> EVENTS = List.of("{\"a\":1}", "two\nlines", "", "语言 🙂", "[DONE]");

    @Test
    void readsEveryWayOfWritingAStreamAlike() {
        for (SseText way : SseText.all()) {
            // When
            var stream = Sse.read(way.of(EVENTS));
            // Then
            assertThat(stream.data()).as(way.toString()).isEqualTo(EVENTS);
            assertThat(stream.unfinished()).isFalse();
        }
    }

    @Test
    void dropsAnEventThatHasNoBlankLineAfterIt() {
        var stream = Sse.read(SseText.UNFINISHED.of(EVENTS));
        assertThat(stream.data()).isEqualTo(EVENTS.subList(0, EVENTS.size() - 1));
        assertThat(stream.unfinished()).isTrue();
    }

    @Test
    void followsTheStandardInItsCorners() {
        // Examples of the standard: a field without a colon, only one space taken, ids kept, comments, unknown fields.
        var stream = Sse.read(
                "data\n\ndata\ndata\n\ndata:test\n\ndata:  test\nid: 7\nevent: x\n\n:hi\nfoo: bar\n\ndata: z\n\n");
        assertThat(stream.data()).containsExactly("", "\n", "test", " test", "z");
        assertThat(stream.events().get(3)).isEqualTo(new Sse.Event("x", " test", "7"));
        assertThat(stream.events().get(4)).isEqualTo(new Sse.Event("message", "z", "7"));
        assertThat(stream.comments()).containsExactly("hi");
    }
}
