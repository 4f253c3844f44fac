package io.mixgateway.relay.upstream;

import io.vertx.core.http.HttpClosedException;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.ConnectOptions;
import io.vertx.core.net.NetClient;
import java.time.Duration;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The connections to one host and port over HTTP/1.1 in the clear, on one event loop. A call takes the idle one that was
 * used last, or a new one; none carries two calls at once.
 */
final class Http1Connections {
    private final NetClient client;
    private final String host;
    private final int port;
    private final int most;
    private final ArrayDeque<Http1Connection> idle = new ArrayDeque<>();
    private int open;

    /** @param most connections at once; calls beyond them fail as if the provider could not be reached */
    Http1Connections(NetClient client, String host, int port, int most) {
        this.client = client;
        this.host = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        this.port = port;
        this.most = most;
    }

    /** Sends {@code request} as soon as there is a connection. */
    Upstream.Exchange send(
            Http1Request request, Upstream.Listener listener, ContextInternal context, Duration connectTimeout) {
        var exchange = new Http1Exchange(listener, context);
        var connection = takeIdle();
        if (connection != null) {
            connection.begin(exchange, request);
        } else if (open >= most) {
            context.runOnContext(_ -> exchange.failed(
                    UpstreamFailure.Kind.CONNECT, new IllegalStateException("more than " + most + " connections")));
        } else {
            connect(exchange, request, connectTimeout, true);
        }
        return exchange;
    }

    private @Nullable Http1Connection takeIdle() {
        while (true) {
            var connection = idle.pollLast();
            if (connection == null || connection.takeFromIdle()) {
                return connection;
            }
        }
    }

    private void connect(Http1Exchange exchange, Http1Request request, Duration timeout, boolean again) {
        open++;
        var options = new ConnectOptions().setHost(host).setPort(port).setTimeout((int) timeout.toMillis());
        client.connect(options).onComplete(connected -> {
            if (connected.failed()) {
                open--;
                if (again && UpstreamFailure.isOurOwnClose(connected.cause()) && !exchange.isOver()) {
                    connect(exchange, request, timeout, false);
                } else {
                    exchange.failed(UpstreamFailure.Kind.CONNECT, connected.cause());
                }
                return;
            }
            var socket = (NetSocketInternal) connected.result();
            if (!socket.channelHandlerContext().channel().isActive()) {
                open--;
                exchange.failed(UpstreamFailure.Kind.CONNECT, new HttpClosedException("closed at once"));
                return;
            }
            var connection = new Http1Connection(this);
            connection.attach(socket);
            if (exchange.isOver()) {
                idle.addLast(connection.idle());
            } else {
                connection.begin(exchange, request);
            }
        });
    }

    void isIdle(Http1Connection connection) {
        idle.addLast(connection);
    }

    void isClosed(Http1Connection connection) {
        open--;
        idle.remove(connection);
    }

    /** Closes those that have been idle for too long, the longest first. */
    void closeExpired(long nowNanos) {
        // Each may have a time of its own, so all are looked at; closing takes them out of the queue later, by
        // isClosed.
        for (Http1Connection connection : idle) {
            connection.closeIfExpired(nowNanos);
        }
    }

    boolean isEmpty() {
        return open == 0;
    }
}
