package io.mixgateway.relay.http;

import io.mixgateway.relay.call.CallRefused;
import io.mixgateway.relay.call.Outcome;
import io.mixgateway.relay.call.Refusal;
import io.mixgateway.relay.dialect.openai.ChatStreamTap;
import io.mixgateway.relay.dialect.openai.OpenAiErrors;
import io.mixgateway.relay.port.Credit;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An event stream on its way to the client. The head goes out with the first bytes that may pass, so that a stream that
 * fails at once is still an error with a status of its own. What one turn of the event loop brought goes out as one. The
 * call is settled before {@code [DONE]} goes out.
 */
final class StreamedAnswer implements Dispatch.Answer {
    private final Dispatch dispatch;
    private final Settlement settlement;
    private final MultiMap upstreamHeaders;
    private final ChatStreamTap tap;
    /** What came while the call was being settled. Bounded: after the answer's end an upstream has nothing more to say. */
    private final List<ChatStreamTap.Passed> waiting = new ArrayList<>(2);

    private final Burst unsent = new Burst();
    private final Runnable send = this::send;
    private boolean sending;
    private boolean asking;
    private boolean settling;
    private boolean ended;
    private boolean over;

    StreamedAnswer(Dispatch dispatch, Settlement settlement, MultiMap upstreamHeaders, boolean stripUsage) {
        this.dispatch = dispatch;
        this.settlement = settlement;
        this.upstreamHeaders = upstreamHeaders;
        this.tap = new ChatStreamTap(stripUsage, dispatch.view().choices());
        said();
    }

    @Override
    public void bytes(Buffer piece) {
        if (over) {
            return;
        }
        settlement.heardFirstByte();
        var bytes = ((BufferInternal) piece).getByteBuf();
        ChatStreamTap.Passed passed;
        if (bytes.hasArray()) {
            int from = bytes.arrayOffset() + bytes.readerIndex();
            passed = tap.accept(bytes.array(), from, from + bytes.readableBytes());
        } else {
            var copy = piece.getBytes();
            passed = tap.accept(copy, 0, copy.length);
        }
        if (settling) {
            waiting.add(passed);
        } else if (tap.hasFailed()) {
            failedInStream(passed);
        } else if (tap.isDone() && !tap.isAnswering()) {
            dispatch.cancelUpstream();
            broken(nothingSaid(), false);
        } else if (tap.isDone() && !settlement.isSettled()) {
            complete(passed);
        } else {
            write(passed);
            keepCovered();
        }
    }

    @Override
    public void end() {
        if (over) {
            return;
        }
        ended = true;
        var rest = tap.finish();
        if (settling) {
            waiting.add(rest);
        } else if (tap.hasFailed()) {
            failedInStream(rest);
        } else if (!tap.isAnswering()) {
            broken(nothingSaid(), false);
        } else if (settlement.isSettled() || tap.isComplete()) {
            complete(rest);
        } else {
            write(rest);
            broken(
                    new CallRefused(
                            Refusal.UPSTREAM_ERROR, "The provider ended the stream before the answer was complete."),
                    false);
        }
    }

    private void said() {
        settlement.answered(tap.modelServed(), tap.tally(), tap.bytesSinceUsage());
    }

    private static CallRefused nothingSaid() {
        return new CallRefused(
                Refusal.UPSTREAM_ERROR,
                "The provider opened a stream and closed it without an answer. Nothing was charged; try again.");
    }

    /** Settles, then sends {@code last}. Counting what the provider did not takes a moment: what comes meanwhile waits. */
    private void complete(ChatStreamTap.Passed last) {
        waiting.add(last);
        if (settlement.isSettled()) {
            sendWaiting();
            return;
        }
        settling = true;
        said();
        dispatch.note(200, "completed");
        settlement.settle(dispatch, Outcome.COMPLETED, tap.usage(), this::sendWaiting);
    }

    private void sendWaiting() {
        settling = false;
        waiting.forEach(this::write);
        waiting.clear();
        if (ended) {
            over = true;
            endQuietly();
        }
    }

    private void failedInStream(ChatStreamTap.Passed before) {
        dispatch.cancelUpstream();
        write(before);
        broken(
                new CallRefused(
                        Refusal.UPSTREAM_ERROR,
                        "The provider ended the stream with an error. Try again, or choose another model."),
                false);
    }

    @Override
    public void broken(CallRefused why, boolean ours) {
        if (over) {
            return;
        }
        if (settling) {
            ended = true; // after the answer was complete: its end is still to be sent
            return;
        }
        over = true;
        if (settlement.isSettled()) {
            endQuietly();
            return;
        }
        sendNow();
        said();
        boolean delivered = !tap.tally().isEmpty() && dispatch.response().headWritten();
        dispatch.note(
                200,
                ours ? "timeout" : delivered ? "truncated" : tap.isAnswering() || tap.hasFailed() ? "failed" : "empty");
        if (!dispatch.response().headWritten()) {
            dispatch.refuse(why, ours ? Outcome.UNKNOWN : Outcome.UPSTREAM_ERROR);
            return;
        }
        var outcome = delivered ? Outcome.TRUNCATED : ours ? Outcome.UNKNOWN : Outcome.UPSTREAM_ERROR;
        settlement.settle(dispatch, outcome, delivered ? tap.usage() : Optional.empty(), () -> endWith(why));
    }

    private void endWith(CallRefused why) {
        dispatch.loop().relay().metrics().refused(why.refusal());
        unsent.add(OpenAiErrors.streamEnd(
                why,
                "chatcmpl-" + settlement.id().value(),
                settlement.id().createdAt().getEpochSecond(),
                dispatch.view().model()));
        endQuietly();
    }

    private void endQuietly() {
        var response = dispatch.response();
        if (!dispatch.isDetached() && !response.ended()) {
            if (unsent.isEmpty()) {
                response.end();
            } else {
                if (!response.headWritten()) {
                    head();
                }
                response.end(unsent.take());
            }
        }
        unsent.clear();
        dispatch.close();
    }

    /** Lets the stream go on only while what is held covers it; money that must be fetched is waited for. */
    private void keepCovered() {
        if (over || asking || settlement.isSettled() || settlement.covers(tap.tally())) {
            return;
        }
        asking = true;
        dispatch.waitForMoney();
        settlement.waitForMore(tap.tally(), this::answered);
    }

    private void answered(Credit.HoldAnswer answer) {
        asking = false;
        if (over || settling || settlement.isSettled()) {
            return;
        }
        switch (answer) {
            case Credit.CapExceeded _ ->
                stop(
                        Outcome.FUNDS_EXHAUSTED,
                        Refusal.KEY_CAP_EXCEEDED,
                        "The key's spend cap was reached while the answer was streaming; what was delivered is charged.");
            case Credit.Unavailable _ ->
                stop(
                        Outcome.TRUNCATED,
                        Refusal.OVERLOADED,
                        "The gateway's credit store did not answer while the answer was streaming; what was delivered is charged.");
            case Credit.Barred(var reason) ->
                stop(Outcome.FUNDS_EXHAUSTED, Refusal.FORBIDDEN, reason + " What was delivered is charged.");
            case Credit.InsufficientCredits _ ->
                stop(
                        Outcome.FUNDS_EXHAUSTED,
                        Refusal.INSUFFICIENT_CREDITS,
                        "The credit ran out while the answer was streaming; what was delivered is charged. Add credit and ask again.");
            case Credit.Held _, Credit.Later _ -> {
                dispatch.goOn();
                keepCovered(); // what had been read already may have said more meanwhile
            }
        }
    }

    private void stop(Outcome outcome, Refusal refusal, String message) {
        over = true;
        dispatch.cancelUpstream();
        said();
        dispatch.note(200, outcome == Outcome.FUNDS_EXHAUSTED ? "funds_exhausted" : "truncated");
        var why = new CallRefused(refusal, message);
        settlement.settle(dispatch, outcome, tap.usage(), () -> endWith(why));
    }

    @Override
    public void clientLeft() {
        if (over) {
            return;
        }
        dispatch.cancelUpstream();
        if (settling) {
            ended = true;
            return;
        }
        over = true;
        said();
        boolean delivered = !tap.tally().isEmpty() && dispatch.response().headWritten();
        if (!settlement.isSettled()) {
            dispatch.note(200, "cancelled");
        }
        settlement.settle(
                dispatch,
                delivered ? Outcome.CANCELLED : Outcome.CANCELLED_BEFORE_FIRST_TOKEN,
                tap.usage(),
                dispatch::close);
    }

    private void write(ChatStreamTap.Passed passed) {
        unsent.add(passed);
        if (unsent.isFull()) {
            sendNow();
        } else if (!sending && !unsent.isEmpty()) {
            sending = true;
            dispatch.loop().turnEnd().then(send);
        }
    }

    private void send() {
        sending = false;
        sendNow();
    }

    private void sendNow() {
        var response = dispatch.response();
        if (unsent.isEmpty() || dispatch.isDetached() || response.closed() || response.ended()) {
            unsent.clear();
            return;
        }
        if (!response.headWritten()) {
            head();
        }
        response.write(unsent.take());
        dispatch.pauseWhileFull();
    }

    private void head() {
        var response = dispatch.response();
        settlement.mark(response);
        Headers.toClient(upstreamHeaders, response.headers());
        dispatch.call().origin().ifPresent(origin -> Headers.allowOrigin(origin, response.headers()));
        response.setStatusCode(200)
                .putHeader(HttpHeaders.CONTENT_TYPE, Headers.EVENT_STREAM)
                .putHeader(HttpHeaders.CACHE_CONTROL, Headers.NO_CACHE)
                .putHeader(Headers.ACCEL_BUFFERING, Headers.NO);
        if (dispatch.call().isHttp1()) {
            response.setChunked(true);
        }
    }
}
