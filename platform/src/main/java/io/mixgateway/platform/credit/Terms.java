package io.mixgateway.platform.credit;

import io.mixgateway.relay.money.Nanos;
import java.util.List;
import java.util.Optional;

/**
 * What a key's holds draw on, as the database said.
 *
 * @param basis what they were made from, to see whether that changed
 * @param barred why the account may not spend, if so
 * @param creditBudget the id of the account's credit
 * @param untilMillis when the first of the caps' windows ends and the terms must be read again
 */
record Terms(String basis, Optional<String> barred, long creditBudget, List<Cap> caps, long untilMillis) {
    Terms {
        caps = List.copyOf(caps);
    }

    /** One spend cap in its present window. {@code period} is day, week, month or total. */
    record Cap(long budget, String period, Nanos amount) {}
}
