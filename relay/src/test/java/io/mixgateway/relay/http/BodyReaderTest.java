package io.mixgateway.relay.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mixgateway.relay.call.CallRefused;
import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;

class BodyReaderTest {
    private final Room room = new Room(100_000);

    @Test
    void takesRoomForWhatHasComeAndNotForWhatWasAnnounced() {
        var body = new BodyReader(room, 1_000_000, 1_000_000);
        body.append(Buffer.buffer("{"));
        assertThat(room.taken()).isZero();

        body.append(Buffer.buffer(new byte[5_000]));
        assertThat(room.taken()).isBetween(5_001L, 10_002L);
        assertThat(body.content().length()).isEqualTo(5_001);

        body.release();
        assertThat(room.taken()).isZero();
    }

    @Test
    void endsWithAnArrayOfTheLengthThatWasAnnounced() {
        var body = new BodyReader(room, 1_000_000, 20_000);
        for (int i = 0; i < 20; i++) {
            body.append(Buffer.buffer(new byte[1_000]));
        }
        assertThat(room.taken()).isEqualTo(20_000);
    }

    @Test
    void refusesWhatThereIsNoRoomFor() {
        var first = new BodyReader(room, 1_000_000, 80_000);
        first.append(Buffer.buffer(new byte[80_000]));
        var second = new BodyReader(room, 1_000_000, -1);

        assertThatThrownBy(() -> second.append(Buffer.buffer(new byte[30_000]))).isInstanceOf(CallRefused.class);
        assertThat(room.taken()).isEqualTo(80_000);
    }

    @Test
    void takesALieAboutItsLength() {
        var body = new BodyReader(room, 1_000_000, 10);
        body.append(Buffer.buffer(new byte[50]));

        assertThat(body.content().length()).isEqualTo(50);
    }
}
