package io.mixgateway.relay.http;

import io.mixgateway.relay.upstream.Connections;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;

/**
 * The clients' connections of one event loop. One on which no call runs is closed in the end: soon when nothing was ever
 * asked on it, later when it was used before. Used on that loop only.
 */
final class IdleConnections {
    /** Above what load balancers keep idle connections for (the longest known is 600 s), so that they close first. */
    static final Duration BETWEEN_CALLS = Duration.ofSeconds(630);

    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

    private final LiveCalls calls;
    private final Duration firstHead;
    private final IdentityHashMap<HttpConnection, Heard> open = new IdentityHashMap<>();

    private final class Heard {
        private long atNanos;
        private boolean asked;

        Heard(long nowNanos) {
            atNanos = nowNanos;
        }

        boolean isTooOld(long nowNanos) {
            return nowNanos - atNanos > (asked ? BETWEEN_CALLS : firstHead).toNanos();
        }
    }

    /** @param firstHead how long one may stay on which nothing was ever asked */
    IdleConnections(Vertx vertx, LiveCalls calls, Duration firstHead) {
        this.calls = calls;
        this.firstHead = firstHead;
        vertx.setPeriodic(LOOK_EVERY.toMillis(), _ -> closeIdle(System.nanoTime()));
    }

    /**
     * Takes a new connection from Vert.x's idle timeout, which had it until its first bytes said which HTTP it speaks: in
     * clear text a connection that says nothing never comes here.
     */
    void opened(HttpConnection connection) {
        Connections.letBeIdle(connection);
        open.put(connection, new Heard(System.nanoTime()));
        connection.closeHandler(_ -> open.remove(connection));
    }

    /** A request's head has come. */
    void asked(HttpConnection connection) {
        var heard = open.get(connection);
        if (heard != null) {
            heard.asked = true;
            heard.atNanos = System.nanoTime();
        }
    }

    void closeIdle(long nowNanos) {
        calls.forEach(call -> {
            var heard = open.get(call.request().connection());
            if (heard != null) {
                heard.atNanos = nowNanos;
            }
        });
        var old = new ArrayList<HttpConnection>();
        open.forEach((connection, heard) -> {
            if (heard.isTooOld(nowNanos)) {
                old.add(connection);
            }
        });
        old.forEach(Connections::sever);
    }
}
