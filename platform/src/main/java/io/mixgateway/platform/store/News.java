package io.mixgateway.platform.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection that listens (LISTEN/NOTIFY), and connects again for as long as it takes. Opened by the first listener. */
final class News implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(News.class);
    private static final int LISTEN_MILLIS = 200;
    private static final Duration SILENCE = Duration.ofSeconds(5);
    private static final long CHECK_NANOS = Duration.ofSeconds(10).toNanos();
    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 2_000;

    private final DatabaseUrl url;
    private final Map<String, List<Consumer<String>>> listeners = new ConcurrentHashMap<>();
    private volatile boolean closed;
    private @Nullable Thread thread;

    News(DatabaseUrl url) {
        this.url = url;
    }

    synchronized void listen(String channel, Consumer<String> listener) {
        listeners.computeIfAbsent(channel, _ -> new CopyOnWriteArrayList<>()).add(listener);
        if (thread == null && !closed) {
            thread = Thread.ofVirtual().name("database-news").start(this::run);
        }
    }

    private void run() {
        long pause = FIRST_PAUSE_MILLIS;
        while (!closed) {
            try (var connection = Connections.open(url, "mixgateway-news", SILENCE)) {
                pause = FIRST_PAUSE_MILLIS;
                hear(connection);
            } catch (SQLException e) {
                if (closed) {
                    return;
                }
                LOG.debug("The connection for news broke; again in {} ms", pause, e);
                try {
                    Thread.sleep(pause);
                } catch (InterruptedException _) {
                    return;
                }
                pause = Math.min(pause * 2, LONGEST_PAUSE_MILLIS);
            }
        }
    }

    private void hear(Connection connection) throws SQLException {
        var source = connection.unwrap(PGConnection.class);
        Set<String> heard = new HashSet<>();
        long checked = System.nanoTime();
        while (!closed) {
            for (String channel : listeners.keySet()) {
                if (heard.add(channel)) {
                    try (var statement = connection.createStatement()) {
                        statement.execute("listen " + source.escapeIdentifier(channel));
                    }
                    tell(channel, "");
                }
            }
            PGNotification[] notifications = source.getNotifications(LISTEN_MILLIS);
            for (PGNotification notification : notifications == null ? new PGNotification[0] : notifications) {
                tell(notification.getName(), notification.getParameter());
            }
            if (System.nanoTime() - checked > CHECK_NANOS) {
                // A peer that vanished without a word looks like one with no news.
                try (var statement = connection.createStatement()) {
                    statement.execute("select 1");
                }
                checked = System.nanoTime();
            }
        }
    }

    private void tell(String channel, String payload) {
        for (Consumer<String> listener : listeners.getOrDefault(channel, List.of())) {
            try {
                listener.accept(payload);
            } catch (RuntimeException e) {
                LOG.warn("A listener to {} failed", channel, e);
            }
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (thread != null) {
            thread.interrupt();
        }
    }
}
