package io.mixgateway.relay.http;

import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The gateway's HTTP server: one event loop for each processor, all on one port. Paths below {@code /v1/} are the
 * inference surfaces; every other request goes to the handler given, on the event loop.
 */
public final class GatewayServer {
    private static final Duration DRAIN_LOOK = Duration.ofMillis(50);

    private final Vertx vertx;
    private final Relay relay;
    private final int port;
    private final List<RelayLoop> loops = new ArrayList<>();
    private final List<String> deployments = new ArrayList<>();

    private GatewayServer(Vertx vertx, Relay relay, int port) {
        this.vertx = vertx;
        this.relay = relay;
        this.port = port;
    }

    /** Starts to listen. Fails with a {@code BindException} when the port is taken. */
    public static Future<GatewayServer> start(
            Vertx vertx, Listen listen, Relay relay, Handler<HttpServerRequest> everythingElse) {
        // To Vert.x, 0 is a free port for one server, and -1 a free port that several share.
        int asked = listen.port() == 0 ? -1 : listen.port();
        var first = new RelayLoop(listen, asked, relay, everythingElse);
        return vertx.deployVerticle((Deployable) first).compose(firstId -> {
            var server = new GatewayServer(vertx, relay, first.port());
            server.add(first, firstId);
            Future<?> rest = Future.succeededFuture();
            for (int i = 1; i < listen.eventLoops(); i++) {
                var another = new RelayLoop(listen, asked, relay, everythingElse);
                rest = rest.compose(_ -> vertx.deployVerticle((Deployable) another))
                        .onSuccess(id -> server.add(another, id));
            }
            return rest.map(server);
        });
    }

    private void add(RelayLoop loop, String deployment) {
        loops.add(loop);
        deployments.add(deployment);
    }

    /** The port it listens on. */
    public int port() {
        return port;
    }

    /** How many calls are under way. */
    public int calls() {
        return relay.inFlight().calls();
    }

    /**
     * Listens no more, closes each connection as soon as no call runs on it, and waits until none does anywhere or {@code
     * most} has passed; also for calls whose client has left and that are being read to their end.
     */
    public Future<Void> drain(Duration most) {
        long until = System.nanoTime() + most.toNanos();
        loops.forEach(loop -> loop.shutdown(most));
        var idle = io.vertx.core.Promise.<Void>promise();
        vertx.setPeriodic(DRAIN_LOOK.toMillis(), timer -> {
            if (relay.inFlight().calls() == 0 || System.nanoTime() > until) {
                vertx.cancelTimer(timer);
                idle.tryComplete();
            }
        });
        return idle.future().compose(_ -> {
            var closing = deployments.stream().map(vertx::undeploy).toList();
            return Future.join(closing).mapEmpty();
        });
    }
}
