package io.mixgateway.relay.http;

import io.mixgateway.relay.call.CallRefused;
import io.mixgateway.relay.call.Refusal;
import io.mixgateway.relay.dialect.openai.OpenAiErrors;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;

/** The one place that writes a refusal to a client. */
final class Refusals {
    private Refusals() {}

    static void answer(HttpServerRequest request, CallRefused refused, String requestId, RelayMetrics metrics) {
        metrics.refused(refused.refusal());
        var response = request.response();
        if (response.ended() || response.closed() || response.headWritten()) {
            return;
        }
        var refusal = refused.refusal();
        Headers.allowOrigin(request.getHeader(HttpHeaders.ORIGIN), response.headers());
        response.setStatusCode(refusal.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, Headers.JSON)
                .putHeader(Headers.REQUEST_ID, requestId);
        boolean soon = refusal == Refusal.OVERLOADED || refusal == Refusal.IDEMPOTENCY_IN_FLIGHT;
        if (soon && !response.headers().contains(HttpHeaders.RETRY_AFTER)) {
            response.putHeader(HttpHeaders.RETRY_AFTER, "1");
        }
        if (refusal == Refusal.INVALID_API_KEY) {
            response.putHeader("www-authenticate", "Bearer");
        }
        if (refusal.status() == 402 || refusal.status() == 403 || refusal == Refusal.IDEMPOTENCY_REPLAYED) {
            response.putHeader("x-should-retry", "false"); // OpenAI's SDKs honour it
        }
        end(request, Buffer.buffer(OpenAiErrors.body(refused)));
    }

    /** Ends an answer with its body or, where only its head was asked for, with the body's length. */
    static void end(HttpServerRequest request, Buffer body) {
        if (request.method().equals(HttpMethod.HEAD)) {
            request.response()
                    .putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()))
                    .end();
        } else {
            request.response().end(body);
        }
    }
}
