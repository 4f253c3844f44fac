package io.mixgateway.relay.http;

import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is put off to the end of an event loop's turn, when everything that its reads brought has been looked at. So what
 * came together also goes out together: a burst of a stream's events costs one system call and not one each. Used on
 * that loop only.
 */
final class TurnEnd {
    private static final Logger LOG = LoggerFactory.getLogger(TurnEnd.class);

    private final Context context;
    private List<Runnable> waiting = new ArrayList<>();
    private List<Runnable> spare = new ArrayList<>();

    TurnEnd(Context context) {
        this.context = context;
    }

    /** Runs {@code what} once this turn's reads are through. Not for what is to run twice. */
    void then(Runnable what) {
        if (waiting.isEmpty()) {
            context.runOnContext(_ -> runAll());
        }
        waiting.add(what);
    }

    private void runAll() {
        var now = waiting;
        waiting = spare;
        spare = now;
        for (var what : now) {
            try {
                what.run();
            } catch (RuntimeException bug) {
                LOG.error("What was put off to the end of a turn failed", bug);
            }
        }
        now.clear();
    }
}
