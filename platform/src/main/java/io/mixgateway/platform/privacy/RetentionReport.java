package io.mixgateway.platform.privacy;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;

/** What one run of the {@link RetentionJob} removed. */
public record RetentionReport(Instant ranAt, List<Removed> removed) {
    public RetentionReport {
        requireNonNull(ranAt, "ranAt");
        removed = List.copyOf(removed);
    }

    /**
     * By one rule.
     *
     * @param cutOff what ended before this is gone
     * @param rows how many rows this run removed
     */
    public record Removed(Retention rule, Instant cutOff, long rows) {
        public Removed {
            requireNonNull(rule, "rule");
            requireNonNull(cutOff, "cutOff");
        }
    }
}
