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
    private volatile long usableUntilNanos;

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
        usableUntilNanos = System.nanoTime() + (lifeMillis - (clock.millis() - askedAtMillis)) * 1_000_000;
        usableUntilMillis = askedAtMillis + lifeMillis;
    }

    long epoch() {
        return epoch;
    }

    /** By both clocks: the wall's may be set back, and the other stands still while a machine is suspended. */
    boolean usable(long nowMillis) {
        return nowMillis < usableUntilMillis && System.nanoTime() - usableUntilNanos < 0;
    }

    long nowMillis() {
        return clock.millis();
    }
}
