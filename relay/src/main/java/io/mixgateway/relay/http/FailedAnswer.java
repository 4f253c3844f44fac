package io.mixgateway.relay.http;

import io.mixgateway.relay.call.CallRefused;
import io.mixgateway.relay.call.Outcome;
import io.mixgateway.relay.call.Refusal;
import io.mixgateway.relay.catalog.Endpoint;
import io.mixgateway.relay.catalog.Secret;
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
                if (!dispatch.tryNext(status, "rate_limited", true)) {
                    var retryAfter = headers.get(HttpHeaders.RETRY_AFTER);
                    if (retryAfter != null && !dispatch.isDetached()) {
                        dispatch.response().putHeader(HttpHeaders.RETRY_AFTER, retryAfter);
                    }
                    dispatch.refuse(
                            new CallRefused(
                                    Refusal.RATE_LIMITED,
                                    "The provider " + provider + " is limiting calls just now. Wait, then try again."),
                            Outcome.UPSTREAM_ERROR);
                }
            }
            case 503 -> {
                if (!dispatch.tryNext(status, "unavailable", true)) {
                    refuse("The provider " + provider
                            + " is not available just now (503). Try again, or choose another model.");
                }
            }
            case 401, 402, 403, 407 -> {
                if (!dispatch.tryNext(status, "operator_refused", true)) {
                    refuse("The provider " + provider + " refused the gateway's own credential or account (" + status
                            + "). The operator must mend it; choose another model meanwhile.");
                }
            }
            default -> {
                dispatch.note(status, "failed");
                refuse("The provider " + provider + " failed (" + status + "). Nothing was charged; try again.");
            }
        }
    }

    private void refuse(String message) {
        dispatch.refuse(new CallRefused(Refusal.UPSTREAM_ERROR, message), Outcome.UPSTREAM_ERROR);
    }

    private void passOn() {
        var response = dispatch.response();
        if (dispatch.isDetached() || response.closed()) {
            dispatch.close();
            return;
        }
        if (tooLong || holdsASecret()) {
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

    private boolean holdsASecret() {
        return endpoint.provider()
                .apiKey()
                .map(Secret::reveal)
                .filter(key -> key.length() >= 4
                        && body.toString(StandardCharsets.UTF_8).contains(key))
                .isPresent();
    }

    @Override
    public void broken(CallRefused why, boolean ours) {
        end();
    }

    @Override
    public void clientLeft() {
        // Its end comes by itself, soon and bounded by the deadlines.
    }
}
