package io.mixgateway.relay.http;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** How many calls, and how many bytes of request bodies, the process holds at this moment: bounded, so that memory is. */
final class InFlight {
    private static final long SMALL_BODY_BYTES = 64 * 1024;

    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicLong bodyBytes = new AtomicLong();
    private final long mostBodyBytes;

    InFlight() {
        this(Runtime.getRuntime().maxMemory() / 4);
    }

    InFlight(long mostBodyBytes) {
        this.mostBodyBytes = mostBodyBytes;
    }

    boolean enter(int most) {
        if (calls.incrementAndGet() > most) {
            calls.decrementAndGet();
            return false;
        }
        return true;
    }

    void leave() {
        calls.decrementAndGet();
    }

    int calls() {
        return calls.get();
    }

    /** Takes room for a body; small ones always fit, being bounded by the number of calls. */
    boolean takeBody(long bytes) {
        if (bytes <= SMALL_BODY_BYTES) {
            return true;
        }
        if (bodyBytes.addAndGet(bytes) > mostBodyBytes) {
            bodyBytes.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    void giveBodyBack(long bytes) {
        if (bytes > SMALL_BODY_BYTES) {
            bodyBytes.addAndGet(-bytes);
        }
    }

    long bodyBytes() {
        return bodyBytes.get();
    }
}
