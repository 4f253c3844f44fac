package io.mixgateway.platform.journal;

import java.util.List;

/**
 * Some records in the order they were written.
 *
 * @param live whether this process wrote them, and not one before it
 * @param end where the journal may be advanced to once they are booked
 * @param full whether it ends because it is large enough, so that more lies behind it
 */
public record Batch(List<Settled> records, boolean live, Position end, boolean full) {
    public Batch {
        records = List.copyOf(records);
    }
}
