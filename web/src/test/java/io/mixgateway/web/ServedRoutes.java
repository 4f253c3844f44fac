package io.mixgateway.web;

import io.mixgateway.relay.port.Callers;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Routes on a real port of this machine, as a gateway serves them. */
final class ServedRoutes {
    private final Vertx vertx = Vertx.vertx();
    private final WebRoutes web;
    private final HttpServer server;

    ServedRoutes(Callers callers, List<Route> routes, Door door) throws Exception {
        web = new WebRoutes(
                vertx,
                callers,
                Clock.systemUTC(),
                routes,
                door,
                (_, refused, viewer) -> Answer.html(
                        refused.refusal().status(),
                        "no" + viewer.map(who -> " to " + who.email()).orElse("")));
        server = vertx.createHttpServer()
                .requestHandler(web)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    /** Such as {@code http://127.0.0.1:8080}. */
    String origin() {
        return "http://127.0.0.1:" + server.actualPort();
    }

    void stop() throws Exception {
        web.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
}
