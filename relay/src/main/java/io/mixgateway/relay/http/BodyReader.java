package io.mixgateway.relay.http;

import io.mixgateway.relay.call.CallRefused;
import io.mixgateway.relay.call.Refusal;
import io.mixgateway.relay.content.RequestContent;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;

/**
 * Collects a request body, within its limit and within what the process as a whole may hold. Room is taken for what has
 * come, not for what was announced.
 */
final class BodyReader {
    private final Room room;
    private final long most;
    /** What it may come to, by what the client said. */
    private final long expected;

    private byte[] bytes;
    private int length;
    private long taken;

    /** @param announced the content length, or -1 */
    BodyReader(Room room, long most, long announced) {
        this.room = room;
        this.most = most;
        this.expected = announced < 0 ? most : Math.min(announced, most);
        this.bytes = new byte[(int) Math.min(expected, InFlight.UNCOUNTED_BYTES)];
    }

    /** @throws CallRefused when the limit is reached, or the process holds too many bodies */
    void append(Buffer piece) {
        int size = piece.length();
        if (length + (long) size > most) {
            throw tooLarge(most);
        }
        if (length + size > bytes.length) {
            grow((int) Math.max(length + (long) size, Math.min(expected, bytes.length * 2L)));
        }
        piece.getBytes(bytes, length);
        length += size;
    }

    private void grow(int capacity) {
        if (!room.take(capacity)) {
            throw new CallRefused(
                    Refusal.OVERLOADED, "The gateway holds too many large requests at this moment. Try again shortly.");
        }
        room.giveBack(taken);
        taken = capacity;
        bytes = Arrays.copyOf(bytes, capacity);
    }

    /** The whole body. */
    RequestContent content() {
        return RequestContent.of(length == bytes.length ? bytes : Arrays.copyOf(bytes, length));
    }

    /** Gives back what this body took of the process's room. */
    void release() {
        room.giveBack(taken);
        taken = 0;
        bytes = new byte[0];
        length = 0;
    }

    static CallRefused tooLarge(long most) {
        return new CallRefused(
                Refusal.REQUEST_TOO_LARGE,
                "The request body is larger than " + most + " bytes, the most this gateway takes (limits.max-body).");
    }
}
