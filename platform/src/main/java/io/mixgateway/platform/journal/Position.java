package io.mixgateway.platform.journal;

import java.util.Comparator;

/**
 * A place between two records.
 *
 * @param segment the number of the segment file
 * @param offset bytes from the start of that file
 */
public record Position(long segment, long offset) implements Comparable<Position> {
    private static final Comparator<Position> ORDER =
            Comparator.comparingLong(Position::segment).thenComparingLong(Position::offset);

    @Override
    public int compareTo(Position other) {
        return ORDER.compare(this, other);
    }
}
