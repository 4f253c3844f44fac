package io.mixgateway.relay.call;

import java.util.Locale;

/** What became of a generation: exactly one, and money, health, metrics and logs all read it. The wire form is {@link #code()}. */
public enum Outcome {
    /** The upstream answered in full. */
    COMPLETED,
    /** The client left after the first token; charged for the prompt and what was delivered. */
    CANCELLED,
    /** The client left before the first token; free unless the upstream reported usage. */
    CANCELLED_BEFORE_FIRST_TOKEN,
    /** The upstream broke off in the middle of its answer; charged for the prompt and what was delivered. */
    TRUNCATED,
    /** The upstream failed before any output; free. */
    UPSTREAM_ERROR,
    /** The upstream found the request wrong; free. */
    REJECTED,
    /** Our own deadline ended the call and what the upstream did is not known; free, counted as possible loss. */
    UNKNOWN,
    /** The credit ran out while streaming; charged for what was delivered. */
    FUNDS_EXHAUSTED;

    private final String code = name().toLowerCase(Locale.ROOT);

    /** The name in JSON, in logs and in metrics, such as {@code cancelled_before_first_token}. */
    public String code() {
        return code;
    }
}
