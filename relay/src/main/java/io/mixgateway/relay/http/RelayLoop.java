package io.mixgateway.relay.http;

import io.mixgateway.relay.call.CallRefused;
import io.mixgateway.relay.call.Refusal;
import io.mixgateway.relay.upstream.HttpUpstream;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One event loop of the server: its listening socket, its upstream connections, its calls. */
final class RelayLoop extends VerticleBase {
    private static final String MODELS = "/v1/models";

    private final Listen listen;
    private final int port;
    private final Relay relay;
    private final Handler<HttpServerRequest> everythingElse;
    private @Nullable Loop loop;
    private @Nullable HttpServer server;

    RelayLoop(Listen listen, int port, Relay relay, Handler<HttpServerRequest> everythingElse) {
        this.listen = listen;
        this.port = port;
        this.relay = relay;
        this.everythingElse = everythingElse;
    }

    @Override
    public Future<?> start() {
        loop = new Loop(
                vertx,
                context,
                relay,
                new HttpUpstream(vertx, () -> relay.limits().get().connect()),
                new LiveCalls(vertx),
                new TurnEnd(context));
        server = vertx.createHttpServer(options())
                .requestHandler(this::handle)
                .invalidRequestHandler(HttpServerRequest.DEFAULT_INVALID_REQUEST_HANDLER);
        return server.listen(port, listen.host());
    }

    private HttpServerOptions options() {
        var options = new HttpServerOptions()
                .setMaxHeaderSize(relay.limits().get().maxHeaderBytes())
                .setMaxInitialLineLength(8 * 1024)
                .setMaxChunkSize(64 * 1024)
                .setTcpNoDelay(true)
                .setAcceptBacklog(4_096)
                .setHandle100ContinueAutomatically(false)
                .setCompressionSupported(false)
                // No web sockets here: without these two every connection carries a handler that looks for them.
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setHttp2ClearTextEnabled(true);
        listen.tls()
                .ifPresent(tls -> options.setSsl(true)
                        .setUseAlpn(true)
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .setCertPath(tls.certificate().toString())
                                .setKeyPath(tls.key().toString())));
        return options;
    }

    /** Takes no new connection, and ends each one there is after the call that runs on it, at the latest after {@code most}. */
    void shutdown(Duration most) {
        if (server != null) {
            var _ = server.shutdown(most.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    int port() {
        return server == null ? 0 : server.actualPort();
    }

    private void handle(HttpServerRequest request) {
        if (isAmbiguous(request)) {
            refuse(request, Refusal.INVALID_REQUEST, "The only transfer coding taken here is one 'chunked'.");
            request.connection().close();
            return;
        }
        var path = request.path();
        if (path == null || !path.startsWith("/v1/")) {
            everythingElse.handle(request);
            return;
        }
        if (request.method().equals(HttpMethod.OPTIONS)) {
            Headers.answerPreflight(request);
            return;
        }
        for (Surface surface : SURFACES) {
            if (surface.path().equals(path)) {
                if (!request.method().equals(HttpMethod.POST)) {
                    refuse(request, Refusal.METHOD_NOT_ALLOWED, "Use POST for " + path + ".");
                    return;
                }
                new InferenceCall(current(), request, surface).begin();
                return;
            }
        }
        if (path.equals(MODELS) || path.startsWith(MODELS + "/")) {
            models(request, path);
        } else {
            refuse(
                    request,
                    Refusal.NOT_FOUND,
                    "There is no " + request.method() + " " + shorten(path) + " here. See /docs for what there is.");
        }
    }

    /** Two servers in a row may differ on where such a body ends (RFC 9112, 6.1); the HTTP library refuses the other ways. */
    private static boolean isAmbiguous(HttpServerRequest request) {
        var coding = request.getHeader(HttpHeaders.TRANSFER_ENCODING);
        return coding != null
                && (!"chunked".equalsIgnoreCase(coding)
                        || request.headers()
                                        .getAll(HttpHeaders.TRANSFER_ENCODING)
                                        .size()
                                > 1);
    }

    private static final Surface[] SURFACES = Surface.values();

    private Loop current() {
        if (loop == null) {
            throw new IllegalStateException("not started");
        }
        return loop;
    }

    private void models(HttpServerRequest request, String path) {
        if (!request.method().equals(HttpMethod.GET)) {
            refuse(request, Refusal.METHOD_NOT_ALLOWED, "Use GET for " + MODELS + ".");
            return;
        }
        var key = Headers.presentedKey(request.headers());
        if (key.isEmpty()) {
            refuse(
                    request,
                    Refusal.INVALID_API_KEY,
                    "No API key was sent. Send it as 'Authorization: Bearer sk-mg-…'.");
            return;
        }
        if (relay.callers().cached(key.get()) != null) {
            answerModels(request, path);
            return;
        }
        relay.callers()
                .load(key.get())
                .whenComplete((found, failure) -> context.runOnContext(_ -> {
                    if (failure != null) {
                        refuse(
                                request,
                                Refusal.OVERLOADED,
                                "The gateway's store does not answer just now. Try again shortly.");
                    } else if (found.isEmpty()) {
                        refuse(
                                request,
                                Refusal.INVALID_API_KEY,
                                "The API key is not valid: unknown, revoked or expired.");
                    } else {
                        answerModels(request, path);
                    }
                }));
    }

    private void answerModels(HttpServerRequest request, String path) {
        try {
            var catalog = relay.catalogs().current();
            var body = path.length() <= MODELS.length() + 1
                    ? ModelsAnswer.list(catalog)
                    : ModelsAnswer.one(catalog, path.substring(MODELS.length() + 1));
            Headers.allowOrigin(
                    request.getHeader(HttpHeaders.ORIGIN), request.response().headers());
            request.response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, Headers.JSON)
                    .putHeader(Headers.REQUEST_ID, Headers.newRequestId())
                    .end(Buffer.buffer(body));
        } catch (CallRefused refused) {
            Refusals.answer(request, refused, Headers.newRequestId(), relay.metrics());
        }
    }

    private void refuse(HttpServerRequest request, Refusal refusal, String message) {
        Refusals.answer(request, new CallRefused(refusal, message), Headers.newRequestId(), relay.metrics());
    }

    private static String shorten(String path) {
        return path.length() <= 100 ? path : path.substring(0, 100) + "…";
    }
}
