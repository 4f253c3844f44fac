package io.mixgateway.relay.upstream;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.ContextInternal;
import org.jspecify.annotations.Nullable;

/** One call over HTTP/1.1: first without a connection, then on one, then over. Its listener is told on its context. */
final class Http1Exchange implements Upstream.Exchange {
    private final Upstream.Listener listener;
    private final ContextInternal context;
    private @Nullable Http1Connection connection;
    private boolean paused;
    private boolean over;

    Http1Exchange(Upstream.Listener listener, ContextInternal context) {
        this.listener = listener;
        this.context = context;
    }

    boolean isOver() {
        return over;
    }

    ContextInternal context() {
        return context;
    }

    void isOn(Http1Connection itsConnection) {
        connection = itsConnection;
        if (paused) {
            itsConnection.read(false);
        }
    }

    void head(int status, MultiMap headers) {
        listener.head(status, headers);
    }

    void bytes(Buffer piece) {
        listener.bytes(piece);
    }

    void end() {
        over = true;
        connection = null;
        listener.end();
    }

    void failed(UpstreamFailure.Kind kind, Throwable cause) {
        if (!over) {
            over = true;
            connection = null;
            listener.failed(UpstreamFailure.of(kind, cause));
        }
    }

    @Override
    public void pause() {
        paused = true;
        if (connection != null) {
            connection.read(false);
        }
    }

    @Override
    public void resume() {
        paused = false;
        if (connection != null) {
            connection.read(true);
        }
    }

    @Override
    public void cancel() {
        if (!over) {
            over = true;
            if (connection != null) {
                connection.abandon();
                connection = null;
            }
        }
    }
}
