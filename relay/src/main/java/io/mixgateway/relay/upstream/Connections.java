package io.mixgateway.relay.upstream;

import io.netty.handler.timeout.IdleStateHandler;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;

/** What Vert.x does not let be done to a connection by its own interface. */
public final class Connections {
    private Connections() {}

    /**
     * Closes a connection now, dropping what was still to be written. Vert.x's own {@code close} waits behind the
     * pending writes, and so for ever when the other side takes none of them. On that connection's event loop only.
     */
    public static void sever(HttpConnection connection) {
        if (connection instanceof ConnectionBase base) {
            var _ = base.channelHandlerContext().close(); // from below Vert.x's handler, which would wait
        } else {
            connection.close();
        }
    }

    /** Takes the idle timeout of its server or client off one connection. On that connection's event loop only. */
    public static void letBeIdle(HttpConnection connection) {
        if (connection instanceof ConnectionBase base) {
            var handlers = base.channelHandlerContext().pipeline();
            if (handlers.get(IdleStateHandler.class) != null) {
                handlers.remove(IdleStateHandler.class);
            }
        }
    }
}
