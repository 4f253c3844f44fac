package io.mixgateway.relay.http;

import io.mixgateway.relay.call.CallRefused;
import io.vertx.core.buffer.Buffer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a provider sends to whoever asked for a stream, under another content type than {@code text/event-stream}: a
 * stream all the same, as some do, or a document. Its first byte tells.
 */
final class UnlabelledAnswer implements Dispatch.Answer {
    private final Supplier<Dispatch.Answer> stream;
    private final Supplier<Dispatch.Answer> document;
    private Dispatch.@Nullable Answer found;

    UnlabelledAnswer(Supplier<Dispatch.Answer> stream, Supplier<Dispatch.Answer> document) {
        this.stream = stream;
        this.document = document;
    }

    @Override
    public void bytes(Buffer piece) {
        if (found == null) {
            found = beginsADocument(piece) ? document.get() : stream.get();
        }
        found.bytes(piece);
    }

    private static boolean beginsADocument(Buffer piece) {
        for (int i = 0; i < piece.length(); i++) {
            byte b = piece.getByte(i);
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                return b == '{' || b == '[' || b == '<';
            }
        }
        return false;
    }

    private Dispatch.Answer foundOrNothing() {
        if (found == null) {
            found = document.get();
        }
        return found;
    }

    @Override
    public void end() {
        foundOrNothing().end();
    }

    @Override
    public void broken(CallRefused why, boolean ours) {
        foundOrNothing().broken(why, ours);
    }

    @Override
    public void clientLeft() {
        if (found == null) {
            found = stream.get();
        }
        found.clientLeft();
    }
}
