package io.mixgateway.relay.call;

import java.util.Locale;

/**
 * Every way in which the gateway itself says no, with its HTTP status. The {@link #code()} is a
 * promise to those who script against it; the list is in docs/errors.
 */
public enum Refusal {
    INVALID_REQUEST(400, "invalid_request_error"),
    INVALID_API_KEY(401, "authentication_error"),
    INSUFFICIENT_CREDITS(402, "insufficient_quota"),
    KEY_CAP_EXCEEDED(402, "insufficient_quota"),
    FORBIDDEN(403, "permission_error"),
    MODEL_NOT_FOUND(404, "invalid_request_error"),
    NOT_FOUND(404, "invalid_request_error"),
    METHOD_NOT_ALLOWED(405, "invalid_request_error"),
    IDEMPOTENCY_IN_FLIGHT(409, "idempotency_error"),
    IDEMPOTENCY_REPLAYED(409, "idempotency_error"),
    REQUEST_TOO_LARGE(413, "invalid_request_error"),
    URI_TOO_LONG(414, "invalid_request_error"),
    IDEMPOTENCY_MISMATCH(422, "idempotency_error"),
    RATE_LIMITED(429, "rate_limit_error"),
    HEADERS_TOO_LARGE(431, "invalid_request_error"),
    INTERNAL_ERROR(500, "server_error"),
    UPSTREAM_ERROR(502, "upstream_error"),
    NO_ENDPOINT(503, "server_error"),
    PRICE_MISSING(503, "server_error"),
    OVERLOADED(503, "server_error"),
    TIMEOUT(504, "timeout_error");

    private final int status;
    private final String openAiType;
    private final String code = name().toLowerCase(Locale.ROOT);

    Refusal(int status, String openAiType) {
        this.status = status;
        this.openAiType = openAiType;
    }

    public int status() {
        return status;
    }

    /** The {@code type} in OpenAI's error object. */
    public String openAiType() {
        return openAiType;
    }

    /** The stable {@code code}, such as {@code insufficient_credits}. */
    public String code() {
        return code;
    }
}
