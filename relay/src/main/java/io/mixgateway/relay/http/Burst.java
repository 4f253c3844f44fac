package io.mixgateway.relay.http;

import io.mixgateway.relay.dialect.openai.ChatStreamTap.Passed;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.ArrayList;
import java.util.List;

/** The pieces of one answer that wait to go out as one. Not to be added to when it {@link #isFull}. */
final class Burst {
    private static final int ENOUGH_BYTES = 64 * 1024;

    private final List<Passed> pieces = new ArrayList<>(4);
    private int length;

    void add(Passed piece) {
        if (!piece.isEmpty()) {
            pieces.add(piece);
            length += piece.to() - piece.from();
        }
    }

    void add(byte[] piece) {
        add(new Passed(piece, 0, piece.length));
    }

    boolean isEmpty() {
        return pieces.isEmpty();
    }

    /** Whether waiting for more is not worth the memory. */
    boolean isFull() {
        return length >= ENOUGH_BYTES;
    }

    void clear() {
        pieces.clear();
        length = 0;
    }

    /** All of it, in order; then nothing waits. */
    Buffer take() {
        var whole = pieces.size() == 1 ? pieces.getFirst() : joined();
        clear();
        return BufferInternal.buffer(Unpooled.wrappedBuffer(whole.array(), whole.from(), whole.to() - whole.from()));
    }

    private Passed joined() {
        var whole = new byte[length];
        int at = 0;
        for (var piece : pieces) {
            int size = piece.to() - piece.from();
            System.arraycopy(piece.array(), piece.from(), whole, at, size);
            at += size;
        }
        return new Passed(whole, 0, at);
    }
}
