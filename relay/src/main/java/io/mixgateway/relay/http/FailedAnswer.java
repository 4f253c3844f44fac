package io.mixgateway.relay.http;

import io.mixgateway.relay.call.CallRefused;
import io.mixgateway.relay.call.Outcome;
import io.mixgateway.relay.call.Refusal;
import io.mixgateway.relay.catalog.Endpoint;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * An answer with another status than 200. What the client got wrong reaches it as the provider said it; what the operator
 * or the provider got wrong (its key, its credit, its limits, its faults) becomes a gateway error without the provider's text.
 */
final class FailedAnswer implements Dispatch.Answer {
    /** Some providers say back all that they were sent. */
    private static final int MOST_BYTES = 1024 * 1024;

    private final Dispatch dispatch;
    private final Settlement settlement;
    private final int status;
    private final MultiMap headers;
    private final Endpoint endpoint;
    private final Buffer body = Buffer.buffer();
    private boolean over;
    private boolean tooLong;

    FailedAnswer(Dispatch dispatch, Settlement settlement, int status, MultiMap headers, Endpoint endpoint) {
        this.dispatch = dispatch;
        this.settlement = settlement;
        this.status = status;
        this.headers = headers;
        this.endpoint = endpoint;
    }

    @Override
    public void bytes(Buffer piece) {
        if (body.length() + piece.length() <= MOST_BYTES) {
            body.appendBuffer(piece);
        } else if (!over) {
            tooLong = true;
            dispatch.cancelUpstream();
            end();
        }
    }

    @Override
    public void end() {
        if (over) {
            return;
        }
        over = true;
        var provider = endpoint.provider().name();
        switch (status) {
            case 400, 404, 405, 406, 409, 410, 411, 413, 414, 415, 416, 422, 451 -> {
                dispatch.note(status, "rejected");
                settlement.settle(dispatch, Outcome.REJECTED, Optional.empty(), this::passOn);
            }
            case 429 -> {
                if (saysNoCredit()) {
                    operatorRefused();
                } else if (!dispatch.tryNext(status, "rate_limited", true)) {
                    refuse(
                            Refusal.RATE_LIMITED,
                            "The provider " + provider + " is limiting calls just now. Wait, then try again.");
                }
            }
            case 503 -> {
                if (!dispatch.tryNext(status, "unavailable", true)) {
                    refuse("The provider " + provider
                            + " is not available just now (503). Try again, or choose another model.");
                }
            }
            case 401, 402, 403, 407 -> operatorRefused();
            default -> {
                dispatch.note(status, "failed");
                refuse("The provider " + provider + " failed (" + status + "). Nothing was charged; try again.");
            }
        }
    }

    private void operatorRefused() {
        if (!dispatch.tryNext(status, "operator_refused", true)) {
            refuse("The provider " + endpoint.provider().name()
                    + " refused the gateway's own credential or account (" + status
                    + "). The operator must mend it; choose another model meanwhile.");
        }
    }

    /** Some providers say that an account is empty as they say that it calls too often. */
    private boolean saysNoCredit() {
        return body.toString(StandardCharsets.UTF_8).contains("\"insufficient_quota\"");
    }

    private void refuse(String message) {
        refuse(Refusal.UPSTREAM_ERROR, message);
    }

    private void refuse(Refusal refusal, String message) {
        hintWhenToRetry();
        dispatch.refuse(new CallRefused(refusal, message), Outcome.UPSTREAM_ERROR);
    }

    /** When, and whether, the provider would be asked again: SDKs act on it. */
    private void hintWhenToRetry() {
        var response = dispatch.response();
        if (!dispatch.isDetached() && !response.headWritten() && !response.closed()) {
            Headers.retryHints(headers, response.headers());
        }
    }

    private void passOn() {
        var response = dispatch.response();
        if (dispatch.isDetached() || response.closed()) {
            dispatch.close();
            return;
        }
        hintWhenToRetry();
        if (tooLong || isEncoded() || holdsASecret()) {
            Refusals.answer(
                    dispatch.call().request(),
                    new CallRefused(
                            Refusal.INVALID_REQUEST,
                            "The provider " + endpoint.provider().name() + " refused the request (" + status + ")"
                                    + (tooLong ? ", in more than a megabyte of words." : ".")),
                    dispatch.call().requestId(),
                    dispatch.loop().relay().metrics());
            dispatch.close();
            return;
        }
        settlement.mark(response);
        dispatch.call().origin().ifPresent(origin -> Headers.allowOrigin(origin, response.headers()));
        var type = headers.get(HttpHeaders.CONTENT_TYPE);
        response.setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, type == null ? "application/json" : type)
                .end(body);
        dispatch.close();
    }

    /** What it says cannot be looked at, and the client did not ask for that coding. */
    private boolean isEncoded() {
        return headers.contains(HttpHeaders.CONTENT_ENCODING);
    }

    private boolean holdsASecret() {
        return OperatorSecrets.areIn(body.toString(StandardCharsets.UTF_8), endpoint.provider());
    }

    @Override
    public void broken(CallRefused why, boolean ours) {
        if (over) {
            return;
        }
        over = true;
        dispatch.note(status, ours ? "timeout" : "broken");
        dispatch.refuse(why, ours ? Outcome.UNKNOWN : Outcome.UPSTREAM_ERROR);
    }

    @Override
    public void clientLeft() {
        // Its end comes by itself, soon and bounded by the deadlines.
    }
}
