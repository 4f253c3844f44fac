package io.mixgateway.platform.credit;

import java.time.Duration;
import java.time.InstantSource;

/**
 * This node's present life: its epoch, and until when it may draw on its leases without having reached the database.
 * Others release them later than that, by the grace time, so two never spend the same money.
 */
final class NodeLife {
    private final InstantSource clock;
    private final long lifeMillis;
    private volatile long epoch;
    private volatile long usableUntilMillis;

    NodeLife(InstantSource clock, Duration life) {
        this.clock = clock;
        this.lifeMillis = life.toMillis();
    }

    /** A new life, not usable until it is {@link #renewed}. */
    void begin(long newEpoch) {
        usableUntilMillis = 0;
        epoch = newEpoch;
    }

    /** @param askedAtMillis when the database was asked, so that the answer's way back counts against us */
    void renewed(long askedAtMillis) {
        usableUntilMillis = askedAtMillis + lifeMillis;
    }

    long epoch() {
        return epoch;
    }

    boolean usable(long nowMillis) {
        return nowMillis < usableUntilMillis;
    }

    long nowMillis() {
        return clock.millis();
    }
}
