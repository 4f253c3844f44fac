package io.mixgateway.relay.http;

import java.util.concurrent.atomic.AtomicLong;

/** How many bytes of one kind all calls together may hold in memory. Thread-safe. */
final class Room {
    private final AtomicLong taken = new AtomicLong();
    private final long most;

    Room(long most) {
        this.most = most;
    }

    /** Takes {@code bytes}, unless there is not so much room left. */
    boolean take(long bytes) {
        if (taken.addAndGet(bytes) > most) {
            taken.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    void giveBack(long bytes) {
        if (bytes != 0) {
            taken.addAndGet(-bytes);
        }
    }

    /** Whether so little is taken that something may stay for longer than it must. */
    boolean isMostlyFree() {
        return taken.get() < most / 2;
    }

    long taken() {
        return taken.get();
    }
}
