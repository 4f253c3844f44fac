package io.mixgateway.relay.view;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertAll;

import io.mixgateway.relay.content.RequestContent;
import io.mixgateway.testkit.RandomChat;
import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.Test;

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
