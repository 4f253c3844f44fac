package io.mixgateway.relay.http;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many calls, and how many bytes of their bodies and answers, the process holds at this moment: bounded, so that
 * memory is. The first {@value #UNCOUNTED_BYTES} bytes of each are not counted: the number of calls bounds them.
 */
final class InFlight {
    static final int UNCOUNTED_BYTES = 4 * 1024;

    private final AtomicInteger calls = new AtomicInteger();
    private final Room bodies;
    private final Room answers;

    InFlight() {
        this(Runtime.getRuntime().maxMemory());
    }

    /** @param memory bytes, a quarter for the bodies of requests and a quarter for answers that are read whole */
    InFlight(long memory) {
        this.bodies = new Room(memory / 4);
        this.answers = new Room(memory / 4);
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

    /** For the bodies of requests. */
    Room bodies() {
        return bodies;
    }

    /** For answers that are read whole, until they have gone out. */
    Room answers() {
        return answers;
    }
}
