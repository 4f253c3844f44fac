package io.mixgateway.platform.idempotency;

import java.time.Duration;

/**
 * How long keys are remembered.
 *
 * @param keep how long a key stands for its call
 * @param longestCall after so long without a generation a call counts as never made: longer than any call may take, with
 *     room for its generation to be booked
 */
public record IdempotencyTerms(Duration keep, Duration longestCall) {
    private static final Duration BOOKING = Duration.ofMinutes(5);

    public IdempotencyTerms {
        if (!keep.isPositive() || !longestCall.isPositive()) {
            throw new IllegalArgumentException(
                    "keep: " + keep + ", longest call: " + longestCall + " (expected: both above 0)");
        }
    }

    /** For calls of at most {@code total}. */
    public static IdempotencyTerms of(Duration keep, Duration total) {
        return new IdempotencyTerms(keep, total.plus(BOOKING));
    }
}
