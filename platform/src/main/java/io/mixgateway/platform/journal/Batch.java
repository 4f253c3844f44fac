package io.mixgateway.platform.journal;

import java.util.List;

/**
 * Some records in the order they were written.
 *
 * @param live whether this process wrote them, and not one before it
 * @param end where the journal may be advanced to once they are booked
 */
public record Batch(List<Settled> records, boolean live, Position end) {
    public Batch {
        records = List.copyOf(records);
    }
}
