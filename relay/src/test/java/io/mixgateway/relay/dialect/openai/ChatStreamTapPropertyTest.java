package io.mixgateway.relay.dialect.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mixgateway.relay.meter.Usage;
import io.mixgateway.testkit.Cuts;
import io.mixgateway.testkit.OpenAiChat;
import io.mixgateway.testkit.OpenAiChat.UsageIn;
import io.mixgateway.testkit.Sse;
import io.mixgateway.testkit.SseText;
import io.mixgateway.testkit.Tokens;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way to write a stream, every place to cut it. */
class ChatStreamTapPropertyTest {
    private static final OpenAiChat CHAT = OpenAiChat.saying("语🙂 \"usage\":null ")
            .using(new Tokens(100, 40, 30, 26))
            .azure();

    static List<SseText> ways() {
        return SseText.all();
    }

    // FAILURES 7, 8
    @ParameterizedTest
    @MethodSource("ways")
    void passesEveryByteOfAStreamAndReadsItsUsage(SseText way) {
        var stream = way.of(CHAT.events(true));
        var expected = new String(stream, UTF_8);
        for (List<byte[]> pieces : cuts(stream)) {
            var tap = new ChatStreamTap(false, 1);
            assertThat(through(tap, pieces)).isEqualTo(expected);
            assertThat(tap.usage()).contains(new Usage(60, 40, 0, 0, 4, 26, 0, 0, 0, 0, 130));
            assertThat(tap.isComplete()).isTrue();
            assertThat(tap.isDone()).isTrue();
        }
    }

    // FAILURES 1, 8
    @ParameterizedTest
    @MethodSource("ways")
    void givesTheStreamThatNobodyAskedUsageOf(SseText way) {
        var stream = way.of(CHAT.events(true));
        var expected = CHAT.events(false);
        for (List<byte[]> pieces : cuts(stream)) {
            var tap = new ChatStreamTap(true, 1);
            assertThat(Sse.read(through(tap, pieces)).data()).isEqualTo(expected);
            assertThat(tap.usage()).isPresent();
        }
    }

    // FAILURES 1
    @ParameterizedTest
    @EnumSource(UsageIn.class)
    void takesUsageOutWhereverItStands(UsageIn where) {
        var chat = CHAT.usageIn(where);
        for (List<byte[]> pieces : randomCuts(chat.stream(true))) {
            var tap = new ChatStreamTap(true, 1);
            assertThat(Sse.read(through(tap, pieces)).data())
                    .isEqualTo(chat.usageIn(UsageIn.NOWHERE).events(false));
            assertThat(tap.usage().isPresent()).isEqualTo(where != UsageIn.NOWHERE);
        }
    }

    // FAILURES 11: the last event's blank line is missing
    @ParameterizedTest
    @EnumSource(UsageIn.class)
    void finishesAnEventThatLacksItsBlankLine(UsageIn where) {
        var chat = CHAT.usageIn(where).withoutDone();
        for (List<byte[]> pieces : randomCuts(SseText.UNFINISHED.of(chat.events(true)))) {
            var tap = new ChatStreamTap(false, 1);
            assertThat(Sse.read(through(tap, pieces)).data()).isEqualTo(chat.events(true));
            assertThat(tap.isComplete()).isTrue();
        }
    }

    private static List<List<byte[]>> cuts(byte[] stream) {
        var cuts = new ArrayList<List<byte[]>>();
        for (int size : new int[] {1, 2, 3, 7, 8, 93, 4096}) {
            cuts.add(Cuts.every(stream, size));
        }
        for (int at = 0; at < stream.length; at++) {
            cuts.add(Cuts.at(stream, at));
        }
        return cuts;
    }

    private static List<List<byte[]>> randomCuts(byte[] stream) {
        return LongStream.range(0, 50)
                .mapToObj(seed -> Cuts.random(stream, seed))
                .toList();
    }

    private static String through(ChatStreamTap tap, List<byte[]> pieces) {
        var out = new ByteArrayOutputStream();
        for (byte[] piece : pieces) {
            var passed = tap.accept(piece, 0, piece.length);
            out.write(passed.array(), passed.from(), passed.to() - passed.from());
        }
        var last = tap.finish();
        out.write(last.array(), last.from(), last.to() - last.from());
        return out.toString(UTF_8);
    }
}
