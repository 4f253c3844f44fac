package io.mixgateway.relay.http;

import io.mixgateway.relay.call.CallRefused;
import io.mixgateway.relay.call.Outcome;
import io.mixgateway.relay.call.Refusal;
import io.mixgateway.relay.dialect.openai.AnswerTap;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.Optional;

/**
 * An answer that is not a stream. It is read whole, so that its usage is booked before its last byte goes out and an error
 * that came with status 200 is still a failure; then the client gets the same bytes. A client that has left is charged for
 * what it caused, because the provider has done the work.
 */
final class WholeAnswer implements Dispatch.Answer {
    /** Far above any real answer (an embedding of 2 048 inputs is some 130 MB as text): an upstream that sends more is broken. */
    private static final int MOST_BYTES = 256 * 1024 * 1024;

    private final Dispatch dispatch;
    private final Settlement settlement;
    private final MultiMap upstreamHeaders;
    private Buffer body = Buffer.buffer(0);
    private boolean over;

    WholeAnswer(Dispatch dispatch, Settlement settlement, MultiMap upstreamHeaders) {
        this.dispatch = dispatch;
        this.settlement = settlement;
        this.upstreamHeaders = upstreamHeaders;
    }

    @Override
    public void bytes(Buffer piece) {
        if (over) {
            return;
        }
        settlement.heardFirstByte();
        if (body.length() + (long) piece.length() > MOST_BYTES) {
            dispatch.cancelUpstream();
            broken(new CallRefused(Refusal.UPSTREAM_ERROR, "The provider's answer is too long to pass on."), false);
            return;
        }
        body = body.length() == 0 ? piece : body.appendBuffer(piece);
    }

    @Override
    public void end() {
        if (over) {
            return;
        }
        over = true;
        var tap = read();
        settlement.answered(tap.modelServed(), tap.tally());
        if (tap.isError() || !tap.isWellFormed()) {
            dispatch.note(200, body.length() == 0 ? "empty" : "error_in_200");
            dispatch.refuse(
                    new CallRefused(
                            Refusal.UPSTREAM_ERROR,
                            "The provider answered with an error in place of a result. Nothing was charged; try again."),
                    Outcome.UPSTREAM_ERROR);
            return;
        }
        dispatch.note(200, dispatch.isDetached() ? "finished_detached" : "completed");
        settlement.settle(
                dispatch, dispatch.isDetached() ? Outcome.CANCELLED : Outcome.COMPLETED, tap.usage(), this::send);
    }

    private AnswerTap read() {
        var bytes = ((BufferInternal) body).getByteBuf();
        if (!bytes.hasArray()) {
            return AnswerTap.read(body.getBytes(), 0, body.length());
        }
        int from = bytes.arrayOffset() + bytes.readerIndex();
        return AnswerTap.read(bytes.array(), from, from + bytes.readableBytes());
    }

    private void send() {
        var response = dispatch.response();
        if (!dispatch.isDetached() && !response.closed()) {
            settlement.mark(response);
            Headers.toClient(upstreamHeaders, response.headers());
            dispatch.call().origin().ifPresent(origin -> Headers.allowOrigin(origin, response.headers()));
            copy(HttpHeaders.CONTENT_TYPE);
            copy(HttpHeaders.CONTENT_ENCODING);
            response.setStatusCode(200).end(body);
        }
        dispatch.close();
    }

    private void copy(CharSequence name) {
        var value = upstreamHeaders.get(name);
        if (value != null) {
            dispatch.response().putHeader(name, value);
        }
    }

    @Override
    public void broken(CallRefused why, boolean ours) {
        if (over) {
            return;
        }
        over = true;
        dispatch.note(200, ours ? "timeout" : "broken");
        dispatch.refuse(why, ours ? Outcome.UNKNOWN : Outcome.UPSTREAM_ERROR);
    }

    @Override
    public void clientLeft() {
        if (dispatch.cancelsWhenClientLeaves() && !over) {
            over = true;
            dispatch.cancelUpstream();
            dispatch.note(200, "cancelled");
            settlement.settle(dispatch, Outcome.CANCELLED_BEFORE_FIRST_TOKEN, Optional.empty(), dispatch::close);
        }
    }
}
