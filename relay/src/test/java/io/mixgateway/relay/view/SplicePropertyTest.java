package io.mixgateway.relay.view;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertAll;

import io.mixgateway.relay.content.RequestContent;
import io.mixgateway.testkit.RandomChat;
import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Bodies that no serializer would write, a thousand of them: what is not changed on purpose is not changed. */
class SplicePropertyTest {
    private static final int BODIES = 1_000;

    // FAILURES 93
    @Test
    void sendsEveryByteOutsideTheModel() {
        for (long seed = 0; seed < BODIES; seed++) {
            var chat = RandomChat.drawn(seed, "mock:gpt/4.1-mini");
            var view = RequestReader.read(RequestContent.of(chat.bytes()));
            assertAll(
                    chat.toString(),
                    () -> assertThat(view.model()).isEqualTo("mock:gpt/4.1-mini"),
                    () -> assertThat(view.stream()).isEqualTo(chat.streams()),
                    () -> assertThat(view.wantsUsage()).isEqualTo(chat.asksUsage()),
                    () -> assertThat(sent(new Splice(view).model("m"))).isEqualTo(text(chat.withModel("m"))));
        }
    }

    // FAILURES 1, 93
    @Test
    void changesNothingButStreamOptionsToAskForUsage() {
        for (long seed = 0; seed < BODIES; seed++) {
            var chat = RandomChat.drawn(seed, "mock:m");
            var splice = new Splice(RequestReader.read(RequestContent.of(chat.bytes()))).model("m");
            AskedForUsage.check(chat, "m", sent(splice.askForUsage()).getBytes(UTF_8));
        }
    }

    // FAILURES 2, 93
    @Test
    void leavesNothingButStreamOptionsOut() {
        var json = new JsonMapper();
        for (long seed = 0; seed < BODIES; seed++) {
            var chat = RandomChat.drawn(seed, "mock:m");
            var whole = text(chat.bytes());
            var left = sent(new Splice(RequestReader.read(RequestContent.of(chat.bytes()))).withoutStreamOptions());
            assertThat(json.readTree(left).has("stream_options")).as(whole).isFalse();
            assertThat(json.readTree(left).size())
                    .as(whole)
                    .isEqualTo(
                            json.readTree(whole).size() - (json.readTree(whole).has("stream_options") ? 1 : 0));
            int same = 0;
            while (same < left.length() && left.charAt(same) == whole.charAt(same)) {
                same++;
            }
            assertThat(whole).as("one stretch is left out").endsWith(left.substring(same));
        }
    }

    private static String sent(Splice splice) {
        var out = new ByteArrayOutputStream();
        splice.pieces().forEach(piece -> out.write(piece.array(), piece.from(), piece.to() - piece.from()));
        assertThat(splice.joined()).isEqualTo(out.toByteArray());
        return text(out.toByteArray());
    }

    private static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }
}
