package io.mixgateway.relay.http;

import io.mixgateway.relay.call.CallRefused;
import io.mixgateway.relay.call.Refusal;
import io.mixgateway.relay.content.RequestContent;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;

/** Collects a request body, within its limit and within what the process as a whole may hold. */
final class BodyReader {
    private static final int FIRST_BYTES = 4 * 1024;
    private static final int MOST_AHEAD_BYTES = 1024 * 1024;

    private final InFlight inFlight;
    private final long most;
    private byte[] bytes;
    private int length;
    private long taken;

    /** @param announced the content length, or -1 */
    BodyReader(InFlight inFlight, long most, long announced) {
        this.inFlight = inFlight;
        this.most = most;
        this.bytes = new byte[announced < 0 ? FIRST_BYTES : (int) Math.min(announced, MOST_AHEAD_BYTES)];
    }

    /** @throws CallRefused when the limit is reached, or the process holds too many bodies */
    void append(Buffer piece) {
        int size = piece.length();
        if (length + (long) size > most) {
            throw tooLarge(most);
        }
        if (length + size > bytes.length) {
            grow((int) Math.min(most, Math.max(length + (long) size, bytes.length * 2L)));
        }
        piece.getBytes(bytes, length);
        length += size;
    }

    private void grow(int capacity) {
        if (!inFlight.takeBody(capacity)) {
            throw new CallRefused(
                    Refusal.OVERLOADED, "The gateway holds too many large requests at this moment. Try again shortly.");
        }
        inFlight.giveBodyBack(taken);
        taken = capacity;
        bytes = Arrays.copyOf(bytes, capacity);
    }

    /** The whole body. */
    RequestContent content() {
        return RequestContent.of(length == bytes.length ? bytes : Arrays.copyOf(bytes, length));
    }

    /** Gives back what this body took of the process's room. */
    void release() {
        inFlight.giveBodyBack(taken);
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
