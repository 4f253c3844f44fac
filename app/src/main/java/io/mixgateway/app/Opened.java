package io.mixgateway.app;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was opened so far, to be closed in the opposite order, each even when another failed to. */
final class Opened implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Opened.class);

    private final Deque<Entry> entries = new ArrayDeque<>();

    private record Entry(String name, AutoCloseable what) {}

    /** Remembers {@code what} and gives it back. */
    <T extends AutoCloseable> T add(String name, T what) {
        entries.push(new Entry(name, what));
        return what;
    }

    @Override
    public void close() {
        while (!entries.isEmpty()) {
            var entry = entries.pop();
            try {
                entry.what.close();
            } catch (Exception fault) {
                log.atError().setCause(fault).log("Closing the {} failed", entry.name);
                if (fault instanceof InterruptedException) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }
}
