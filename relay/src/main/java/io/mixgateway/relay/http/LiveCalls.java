package io.mixgateway.relay.http;

import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls of one event loop that are under way, looked at twenty times a second for deadlines: cheaper than a timer for
 * each call and each byte. Deadlines are kept to within a tenth of a second.
 */
final class LiveCalls {
    private static final Logger LOG = LoggerFactory.getLogger(LiveCalls.class);
    private static final long TICK_MILLIS = 50;

    private final Vertx vertx;
    private final Set<InferenceCall> calls = new LinkedHashSet<>();
    private long timer = -1;

    LiveCalls(Vertx vertx) {
        this.vertx = vertx;
    }

    void add(InferenceCall call) {
        calls.add(call);
        if (timer < 0) {
            timer = vertx.setPeriodic(TICK_MILLIS, _ -> tick());
        }
    }

    void remove(InferenceCall call) {
        calls.remove(call);
    }

    void forEach(Consumer<InferenceCall> what) {
        calls.forEach(what);
    }

    private void tick() {
        if (calls.isEmpty()) {
            vertx.cancelTimer(timer);
            timer = -1;
            return;
        }
        long now = System.nanoTime();
        for (InferenceCall call : new ArrayList<>(calls)) {
            try {
                call.tick(now);
            } catch (RuntimeException bug) {
                LOG.error("Call {} failed at a look for its deadlines", call.requestId(), bug);
            }
        }
    }
}
