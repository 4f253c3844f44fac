package io.mixgateway.platform.ledger;

import java.util.List;

/**
 * What {@link Ledger#verify} found.
 *
 * @param checked how many rows were looked at
 * @param violations one line for each figure that is wrong, at most a hundred; empty when all is well
 */
public record LedgerReport(long checked, List<String> violations) {
    public LedgerReport {
        violations = List.copyOf(violations);
    }

    public boolean ok() {
        return violations.isEmpty();
    }
}
