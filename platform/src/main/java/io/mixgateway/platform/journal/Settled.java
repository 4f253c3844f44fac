package io.mixgateway.platform.journal;

import static java.util.Objects.requireNonNull;

import io.mixgateway.relay.call.Generation;
import java.util.List;

/**
 * One finished generation as the journal keeps it.
 *
 * @param budgets the ids of the budgets its hold was drawn on, so that the node can give their purses the difference
 *     back once the database has the charge
 */
public record Settled(Generation generation, List<Long> budgets) {
    public Settled {
        requireNonNull(generation, "generation");
        budgets = List.copyOf(budgets);
    }
}
