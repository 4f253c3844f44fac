package io.mixgateway.relay.dialect.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.mixgateway.relay.meter.Usage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChatStreamTapTest {
    private static final String FIRST =
            "data: {\"id\":\"c1\",\"model\":\"m-1\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}]%s}\n\n";
    private static final String WORDS =
            "data: {\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"안녕 \\\"usage\\\":null 😀\"},\"finish_reason\":null}]%s}\n\n";
    private static final String LAST =
            "data: {\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]%s,\"obfuscation\":\"x\"}\n\n";
    private static final String USAGE =
            "data: {\"id\":\"c1\",\"choices\":[],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":5,\"total_tokens\":15,\"prompt_tokens_details\":{\"cached_tokens\":4}}}\n\n";
    private static final String DONE = "data: [DONE]\n\n";

    private static String withNulls() {
        return (FIRST + WORDS + LAST).formatted(",\"usage\":null", " , \"usage\" : null", ",\"usage\":null")
                + USAGE
                + DONE;
    }

    private static String withoutUsage() {
        return (FIRST + WORDS + LAST).formatted("", "", "") + DONE;
    }

    // FAILURES 1: the client's bytes are those of a stream that nobody asked usage of
    @Test
    void takesTheUsageOutThatOnlyWeAskedFor() {
        for (int seed = 0; seed < 300; seed++) {
            var tap = new ChatStreamTap(true, 1);
            assertThat(through(tap, withNulls(), seed)).isEqualTo(withoutUsage());
            assertThat(tap.usage()).contains(new Usage(6, 4, 0, 0, 5, 0, 0, 0, 0, 0, 15));
            assertThat(tap.isComplete()).isTrue();
            assertThat(tap.modelServed()).isEqualTo("m-1");
        }
    }

    // FAILURES 7
    @Test
    void passesEveryByteWhateverTheCuts() {
        for (int seed = 0; seed < 300; seed++) {
            var tap = new ChatStreamTap(false, 1);
            assertThat(through(tap, withNulls(), seed)).isEqualTo(withNulls());
            assertThat(tap.usage()).isPresent();
        }
    }

    // FAILURES 8
    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void understandsEveryLineEnd(String lineEnd) {
        var stream =
                ("\uFEFF: hello\nid: 7\ndata:{\"choices\":\ndata: [{\"delta\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}]}\n\n"
                                + USAGE + DONE)
                        .replace("\n", lineEnd);
        for (int seed = 0; seed < 200; seed++) {
            var tap = new ChatStreamTap(false, 1);
            assertThat(through(tap, stream, seed)).isEqualTo(stream);
            assertThat(tap.usage()).isPresent();
            assertThat(tap.isComplete()).isTrue();
            assertThat(tap.tally().countTokens()).isEqualTo(1);
        }
    }

    // FAILURES 10: a keep-alive must not wait for the event after it
    @Test
    void passesACommentAtOnce() {
        var tap = new ChatStreamTap(true, 1);
        assertThat(accept(tap, ": ping\n")).isEqualTo(": ping\n");
        assertThat(accept(tap, "data: {\"choices\"")).isEmpty();
        assertThat(accept(tap, ":[]}\n")).isEmpty();
        assertThat(accept(tap, "\n")).isEqualTo("data: {\"choices\":[]}\n\n");
    }

    // FAILURES 4: Azure's first chunk has no choices and no id
    @Test
    void toleratesEmptyChoices() {
        var azure = "data: {\"id\":\"\",\"created\":0,\"choices\":[],\"prompt_filter_results\":[{}]}\n\n";
        var tap = new ChatStreamTap(true, 1);
        assertThat(through(tap, azure + withNulls(), 5)).isEqualTo(azure + withoutUsage());
    }

    // FAILURES 11
    @Test
    void tellsACutStreamFromAFinishedOne() {
        var cut = new ChatStreamTap(true, 1);
        through(cut, (FIRST + WORDS).formatted("", ""), 1);
        assertThat(cut.isComplete()).isFalse();

        var withoutLastLine = new ChatStreamTap(true, 1);
        var stream = (FIRST + LAST).formatted("", "");
        assertThat(through(withoutLastLine, stream.substring(0, stream.length() - 2), 1))
                .isEqualTo(stream);
        assertThat(withoutLastLine.isComplete()).isTrue();
    }

    @Test
    void seesAnErrorInTheStream() {
        var tap = new ChatStreamTap(true, 1);
        accept(tap, "data: {\"error\":{\"message\":\"no\"}}\n\n");
        assertThat(tap.hasFailed()).isTrue();
        assertThat(tap.isAnswering()).isFalse();
    }

    @Test
    void keepsRunningUsageFromTheClientButReadsIt() {
        var tap = new ChatStreamTap(true, 1);
        var out = accept(
                tap,
                "data: {\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1},\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n"
                        + "data: {\"choices\":[{\"delta\":{\"content\":\"b\"}}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}\n\n");
        assertThat(out)
                .isEqualTo(
                        "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\ndata: {\"choices\":[{\"delta\":{\"content\":\"b\"}}]}\n\n");
        assertThat(tap.usage().orElseThrow().output()).isEqualTo(2);
    }

    @Test
    void survivesAnyBytes() {
        var random = new Random(7);
        var alphabet = List.of(
                "data:",
                "{",
                "}",
                "[",
                "]",
                "\"usage\"",
                ":",
                "null",
                ",",
                "\n",
                "\r",
                "\\",
                "\"choices\"",
                "é",
                "\u0000");
        for (int round = 0; round < 2_000; round++) {
            var junk = new StringBuilder();
            for (int i = random.nextInt(60); i > 0; i--) {
                junk.append(alphabet.get(random.nextInt(alphabet.size())));
            }
            var tap = new ChatStreamTap(false, 1);
            var ended = junk + "\n\n";
            assertThat(through(tap, ended, round)).isEqualTo(ended);
            through(new ChatStreamTap(true, 1), junk.toString(), round);
        }
    }

    // An event that never ends costs bounded memory.
    @Test
    void letsAnEndlessEventPassUnread() {
        var tap = new ChatStreamTap(true, 1);
        long passed = 0;
        var piece = new byte[64 * 1024];
        java.util.Arrays.fill(piece, (byte) 'a');
        for (int i = 0; i < 200; i++) {
            var out = tap.accept(piece, 0, piece.length);
            passed += out.to() - out.from();
        }
        assertThat(passed).isGreaterThan(200L * piece.length - 2 * ChatStreamTap.LONGEST_EVENT);
    }

    private static String accept(ChatStreamTap tap, String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        var passed = tap.accept(bytes, 0, bytes.length);
        return new String(passed.array(), passed.from(), passed.to() - passed.from(), StandardCharsets.UTF_8);
    }

    private static String through(ChatStreamTap tap, String text, int seed) {
        var random = new Random(seed);
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        var out = new ByteArrayOutputStream();
        int most = switch (seed % 3) {
            case 0 -> 1;
            case 1 -> 40;
            default -> 1_000;
        };
        for (int at = 0; at < bytes.length; ) {
            int to = Math.min(bytes.length, at + 1 + random.nextInt(most));
            // A buffer of its own each time, wiped afterwards: the tap may keep nothing of it.
            var piece = new byte[to - at + 3];
            System.arraycopy(bytes, at, piece, 3, to - at);
            var passed = tap.accept(piece, 3, piece.length);
            out.write(passed.array(), passed.from(), passed.to() - passed.from());
            java.util.Arrays.fill(piece, (byte) '#');
            at = to;
        }
        var rest = tap.finish();
        out.write(rest.array(), rest.from(), rest.to() - rest.from());
        return out.toString(StandardCharsets.UTF_8);
    }
}
