package io.mixgateway.relay.http;

import io.mixgateway.relay.call.CallRefused;
import io.mixgateway.relay.call.PresentedKey;
import io.mixgateway.relay.call.Refusal;
import io.mixgateway.relay.upstream.HttpUpstream;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Http2Settings;
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
    private static final String SERVED = "This gateway serves POST /v1/chat/completions, POST /v1/embeddings and GET"
            + " /v1/models; the base URL of OpenAI's SDKs ends in /v1.";
    private static final int MOST_REQUEST_LINE = 8 * 1024;
    /** At once on one connection over HTTP/2, as Vert.x has it. */
    private static final int MOST_STREAMS = 100;

    private final Listen listen;
    private final int port;
    private final Relay relay;
    private final Handler<HttpServerRequest> everythingElse;
    private @Nullable Loop loop;
    private @Nullable IdleConnections connections;
    private @Nullable HttpServer server;

    RelayLoop(Listen listen, int port, Relay relay, Handler<HttpServerRequest> everythingElse) {
        this.listen = listen;
        this.port = port;
        this.relay = relay;
        this.everythingElse = everythingElse;
    }

    @Override
    public Future<?> start() {
        var calls = new LiveCalls(vertx);
        var open = new IdleConnections(vertx, calls, listen.firstHead());
        connections = open;
        loop = new Loop(
                vertx,
                context,
                relay,
                new HttpUpstream(vertx, () -> relay.limits().get().connect()),
                calls,
                new TurnEnd(context));
        server = vertx.createHttpServer(options())
                .connectionHandler(open::opened)
                .requestHandler(this::handle)
                .invalidRequestHandler(this::refuseUnreadable);
        return server.listen(port, listen.host());
    }

    private HttpServerOptions options() {
        var http2 = new Http2Settings()
                .setMaxHeaderListSize(relay.limits().get().maxHeaderBytes())
                .setMaxConcurrentStreams(MOST_STREAMS);
        var options = new HttpServerOptions()
                .setInitialSettings(http2)
                .setMaxHeaderSize(relay.limits().get().maxHeaderBytes())
                .setMaxInitialLineLength(MOST_REQUEST_LINE)
                .setMaxChunkSize(64 * 1024)
                .setTcpNoDelay(true)
                // Until the first bytes of a request; then IdleConnections.
                .setIdleTimeout(Math.toIntExact(listen.firstHead().toMillis()))
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
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
        var complaint = HeadCheck.complaint(request);
        if (complaint != null) {
            refuse(request, Refusal.INVALID_REQUEST, complaint);
            request.connection().close();
            return;
        }
        if (connections != null) {
            connections.asked(request.connection());
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
                    wrongMethod(request, "POST, OPTIONS", "Use POST for " + path + ".");
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
                    "There is no " + request.method() + " " + shorten(path) + " here. " + SERVED);
        }
    }

    private static final Surface[] SURFACES = Surface.values();

    private Loop current() {
        if (loop == null) {
            throw new IllegalStateException("not started");
        }
        return loop;
    }

    private void models(HttpServerRequest request, String path) {
        if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
            wrongMethod(request, "GET, HEAD, OPTIONS", "Use GET for " + MODELS + ". " + SERVED);
            return;
        }
        var key = PresentedKey.in(request.headers()::get);
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
                    .putHeader(Headers.REQUEST_ID, Headers.newRequestId());
            Refusals.end(request, Buffer.buffer(body));
        } catch (CallRefused refused) {
            Refusals.answer(request, refused, Headers.newRequestId(), relay.metrics());
        }
    }

    private void wrongMethod(HttpServerRequest request, String allowed, String message) {
        request.response().putHeader(HttpHeaders.ALLOW, allowed);
        refuse(request, Refusal.METHOD_NOT_ALLOWED, message);
    }

    /** The HTTP library could not read the head; what comes after it cannot be told apart from it, so the connection ends. */
    private void refuseUnreadable(HttpServerRequest request) {
        var cause = request.decoderResult().cause();
        var refusal = switch (cause) {
            case TooLongHttpHeaderException _ -> Refusal.HEADERS_TOO_LARGE;
            case TooLongHttpLineException _ -> Refusal.URI_TOO_LONG;
            case null, default -> Refusal.INVALID_REQUEST;
        };
        request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        refuse(
                request,
                refusal,
                switch (refusal) {
                    case HEADERS_TOO_LARGE ->
                        "The headers are longer than "
                                + relay.limits().get().maxHeaderBytes()
                                + " bytes in all, the most this gateway takes (limits.max-headers).";
                    case URI_TOO_LONG -> "The request line is longer than " + MOST_REQUEST_LINE + " bytes.";
                    default -> "This is not a request in HTTP/1.1 (RFC 9112).";
                });
        request.connection().close();
    }

    private void refuse(HttpServerRequest request, Refusal refusal, String message) {
        Refusals.answer(request, new CallRefused(refusal, message), Headers.newRequestId(), relay.metrics());
    }

    private static String shorten(String path) {
        return path.length() <= 100 ? path : path.substring(0, 100) + "…";
    }
}
