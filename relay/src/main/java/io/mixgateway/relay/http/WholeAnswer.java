package io.mixgateway.relay.http;

import io.mixgateway.relay.call.CallRefused;
import io.mixgateway.relay.call.Outcome;
import io.mixgateway.relay.call.Refusal;
import io.mixgateway.relay.dialect.openai.AnswerTap;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is not a stream. It is read whole, so that its usage is booked before its last byte goes out and an error
 * that came with status 200 is still a failure; then the client gets the same bytes, a long answer as fast as it reads
 * them. A client that has left is charged for what it caused, because the provider has done the work.
 *
 * <pre>
 * reading ── end ──► settling ──► sending ──► over
 *    └──── broken, too long, client left ─────► over
 * </pre>
 */
final class WholeAnswer implements Dispatch.Answer {
    /** Far above any real answer (an embedding of 2 048 inputs is some 130 MB as text): an upstream that sends more is broken. */
    private static final int MOST_BYTES = 256 * 1024 * 1024;
    /** A longer answer is looked through on a worker: it takes a nanosecond a byte. */
    private static final int LONGEST_READ_ON_LOOP = 1024 * 1024;

    private static final int SLICE_BYTES = 64 * 1024;

    private final Dispatch dispatch;
    private final Settlement settlement;
    private final int status;
    private final MultiMap upstreamHeaders;
    private final Room room;
    private final List<Buffer> pieces = new ArrayList<>(2);
    private int length;
    private long taken;
    private boolean over;

    private @Nullable Buffer sending;
    private int sent;

    WholeAnswer(Dispatch dispatch, Settlement settlement, int status, MultiMap upstreamHeaders) {
        this.dispatch = dispatch;
        this.settlement = settlement;
        this.status = status;
        this.upstreamHeaders = upstreamHeaders;
        this.room = dispatch.loop().relay().inFlight().answers();
    }

    @Override
    public void bytes(Buffer piece) {
        if (over) {
            return;
        }
        settlement.heardFirstByte();
        if (length + (long) piece.length() > MOST_BYTES) {
            dispatch.cancelUpstream();
            fail(
                    new CallRefused(Refusal.UPSTREAM_ERROR, "The provider's answer is too long to pass on."),
                    "too_long",
                    Outcome.UPSTREAM_ERROR);
            return;
        }
        length += piece.length();
        pieces.add(piece);
        long more = length - InFlight.UNCOUNTED_BYTES - taken;
        if (more > 0) {
            if (!room.take(more)) {
                dispatch.cancelUpstream();
                fail(
                        new CallRefused(
                                Refusal.OVERLOADED,
                                "The gateway holds too many long answers at this moment. Try again shortly, or stream them."),
                        "no_room",
                        Outcome.UNKNOWN);
                return;
            }
            taken += more;
        }
    }

    @Override
    public void end() {
        if (over) {
            return;
        }
        over = true;
        var whole = joined();
        if (length <= LONGEST_READ_ON_LOOP) {
            settle(whole, read(whole));
            return;
        }
        dispatch.loop().vertx().executeBlocking(() -> read(whole), false).onComplete(read -> {
            if (read.succeeded()) {
                settle(whole, read.result());
            } else {
                dispatch.failed(new CallRefused(Refusal.INTERNAL_ERROR, "The gateway failed to read the answer."));
            }
        });
    }

    /** All pieces as one. Each is let go as soon as it has been copied. */
    private Buffer joined() {
        if (pieces.size() == 1) {
            return pieces.removeFirst();
        }
        var whole = new byte[length];
        int at = 0;
        for (int i = 0; i < pieces.size(); i++) {
            var piece = pieces.set(i, Buffer.buffer(0));
            piece.getBytes(whole, at);
            at += piece.length();
        }
        pieces.clear();
        return BufferInternal.buffer(io.netty.buffer.Unpooled.wrappedBuffer(whole));
    }

    private static AnswerTap read(Buffer whole) {
        var bytes = ((BufferInternal) whole).getByteBuf();
        if (!bytes.hasArray()) {
            return AnswerTap.read(whole.getBytes(), 0, whole.length());
        }
        int from = bytes.arrayOffset() + bytes.readerIndex();
        return AnswerTap.read(bytes.array(), from, from + bytes.readableBytes());
    }

    private void settle(Buffer whole, AnswerTap tap) {
        settlement.answered(tap.modelServed(), tap.tally(), 0);
        if (!tap.isResult()) {
            fail(
                    new CallRefused(Refusal.UPSTREAM_ERROR, whatCame()),
                    length == 0 ? "empty" : "error_in_" + status,
                    Outcome.UPSTREAM_ERROR);
            return;
        }
        dispatch.note(status, dispatch.isDetached() ? "finished_detached" : "completed");
        settlement.settle(
                dispatch,
                dispatch.isDetached() ? Outcome.CANCELLED : Outcome.COMPLETED,
                tap.usage(),
                () -> send(whole));
    }

    private String whatCame() {
        return upstreamHeaders.contains(HttpHeaders.CONTENT_ENCODING)
                ? "The provider answered in a content coding that it was not asked for. Nothing was charged."
                : "The provider answered with an error in place of a result. Nothing was charged; try again.";
    }

    private void send(Buffer whole) {
        var response = dispatch.response();
        if (dispatch.isDetached() || response.closed()) {
            close();
            return;
        }
        settlement.mark(response);
        Headers.toClient(upstreamHeaders, response.headers());
        dispatch.call().origin().ifPresent(origin -> Headers.allowOrigin(origin, response.headers()));
        var type = upstreamHeaders.get(HttpHeaders.CONTENT_TYPE);
        if (type != null) {
            response.putHeader(HttpHeaders.CONTENT_TYPE, type);
        }
        response.setStatusCode(status);
        if (length <= SLICE_BYTES) {
            response.end(whole);
            close();
            return;
        }
        response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(length));
        sending = whole;
        sendMore();
    }

    /** Sends for as long as the client takes it, so that one that does not read costs no memory beside the answer itself. */
    private void sendMore() {
        var response = dispatch.response();
        while (sending != null && !dispatch.isDetached() && !response.closed()) {
            if (response.writeQueueFull()) {
                response.drainHandler(_ -> {
                    dispatch.clientReads();
                    sendMore();
                });
                return;
            }
            int to = Math.min(length, sent + SLICE_BYTES);
            var slice = sending.slice(sent, to);
            sent = to;
            if (to == length) {
                response.end(slice);
                close();
            } else {
                response.write(slice);
            }
        }
    }

    private void fail(CallRefused why, String attempt, Outcome outcome) {
        over = true;
        dispatch.note(status, attempt);
        pieces.clear();
        room.giveBack(taken);
        taken = 0;
        dispatch.refuse(why, outcome);
    }

    private void close() {
        sending = null;
        room.giveBack(taken);
        taken = 0;
        dispatch.close();
    }

    @Override
    public void broken(CallRefused why, boolean ours) {
        if (sending != null) {
            dispatch.dropClient(); // it has read for too long; the rest follows from its leaving
        }
        if (!over) {
            fail(why, ours ? "timeout" : "broken", ours ? Outcome.UNKNOWN : Outcome.UPSTREAM_ERROR);
        }
    }

    @Override
    public void clientLeft() {
        if (sending != null) {
            close();
        } else if (dispatch.cancelsWhenClientLeaves() && !over) {
            over = true;
            dispatch.cancelUpstream();
            dispatch.note(status, "cancelled");
            settlement.settle(dispatch, Outcome.CANCELLED_BEFORE_FIRST_TOKEN, Optional.empty(), this::close);
        }
    }
}
