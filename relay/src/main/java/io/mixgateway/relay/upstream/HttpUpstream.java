package io.mixgateway.relay.upstream;

import io.mixgateway.relay.catalog.Provider;
import io.mixgateway.relay.outlet.Outlet;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import java.time.Duration;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Providers over HTTP/1.1 and HTTP/2; in the clear over HTTP/1.1 by {@link Http1Connections}. One instance per event
 * loop, so that a call and its upstream connection share a thread from first byte to last. Redirects are never followed, nothing is tried twice here, compression is not asked for.
 */
public final class HttpUpstream implements Upstream {
    private static final int MOST_CONNECTIONS_PER_PROVIDER = 50_000;
    static final int MOST_HEADER_BYTES = 64 * 1024;
    static final int READ_BYTES = 64 * 1024;
    /** Below what servers and load balancers commonly keep idle connections for, so that we close first. */
    static final Duration KEEP_ALIVE = Duration.ofSeconds(15);

    private static final Duration CLEAN_EVERY = Duration.ofSeconds(1);
    private static final int MOST_TARGETS = 10_000;

    private final Vertx vertx;
    private final Supplier<Duration> connectTimeout;
    private final IdentityHashMap<Provider, Target> targets = new IdentityHashMap<>();
    private final Map<String, Http1Connections> plain = new HashMap<>();
    private @Nullable NetClient sockets;
    private @Nullable HttpClient clearHttp2;
    private @Nullable HttpClient tls;

    /** @param connectTimeout how long reaching a provider may take, asked anew for each call */
    public HttpUpstream(Vertx vertx, Supplier<Duration> connectTimeout) {
        this.vertx = vertx;
        this.connectTimeout = connectTimeout;
    }

    /**
     * What is the same for all calls to one provider.
     *
     * @param authority host and port as the {@code host} header of plain HTTP says them
     */
    private record Target(
            String host,
            int port,
            String authority,
            boolean tls,
            boolean http2,
            String pathPrefix,
            Map<String, String> headers) {
        boolean isPlainHttp1() {
            return !tls && !http2;
        }
    }

    @Override
    public Exchange send(Request request, Listener listener, Context context) {
        var target = target(request.endpoint().provider());
        var headers = request.headers();
        target.headers().forEach(headers::set);
        if (target.isPlainHttp1()) {
            return plain(target)
                    .send(
                            new Http1Request(
                                    target.authority(), target.pathPrefix() + request.path(), headers, request.body()),
                            listener,
                            (ContextInternal) context,
                            connectTimeout.get());
        }
        var exchange = new HttpExchange(listener);
        var options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost(target.host())
                .setPort(target.port())
                .setSsl(target.tls())
                .setURI(target.pathPrefix() + request.path())
                .setConnectTimeout(connectTimeout.get().toMillis())
                .setHeaders(headers);
        open(client(target), options, exchange, request.body(), true);
        return exchange;
    }

    private static void open(
            HttpClient client, RequestOptions options, HttpExchange exchange, Buffer body, boolean again) {
        client.request(options).onComplete(opened -> {
            if (opened.succeeded()) {
                exchange.opened(opened.result(), body);
            } else if (again && UpstreamFailure.isOurOwnClose(opened.cause()) && !exchange.over) {
                open(client, options, exchange, body, false);
            } else {
                exchange.fail(UpstreamFailure.Kind.CONNECT, opened.cause());
            }
        });
    }

    private Target target(Provider provider) {
        var known = targets.get(provider);
        if (known != null) {
            return known;
        }
        if (targets.size() >= MOST_TARGETS) {
            targets.clear(); // providers of catalogs long gone
        }
        var uri = provider.baseUrl();
        boolean secure = "https".equals(uri.getScheme());
        int port = uri.getPort() > 0 ? uri.getPort() : secure ? 443 : 80;
        var headers = new HashMap<>(provider.headers());
        provider.apiKey().ifPresent(key -> headers.put(provider.authHeader(), provider.authScheme() + key.reveal()));
        var path = uri.getRawPath() == null ? "" : uri.getRawPath();
        var target = new Target(
                uri.getHost(),
                port,
                port == 80 ? uri.getHost() : uri.getHost() + ':' + port,
                secure,
                provider.http2(),
                path.endsWith("/") ? path.substring(0, path.length() - 1) : path,
                Map.copyOf(headers));
        targets.put(provider, target);
        return target;
    }

    private HttpClient client(Target target) {
        return target.tls() ? tlsClient() : clearHttp2Client();
    }

    private Http1Connections plain(Target target) {
        var known = plain.get(target.authority());
        if (known != null) {
            return known;
        }
        if (sockets == null) {
            sockets = Outlet.PROVIDERS.net(vertx, new NetClientOptions().setTcpNoDelay(true));
            vertx.setPeriodic(CLEAN_EVERY.toMillis(), _ -> clean());
        }
        var made = new Http1Connections(sockets, target.host(), target.port(), MOST_CONNECTIONS_PER_PROVIDER);
        plain.put(target.authority(), made);
        return made;
    }

    private void clean() {
        long now = System.nanoTime();
        plain.values().forEach(connections -> connections.closeExpired(now));
        if (plain.size() > MOST_TARGETS) {
            plain.values().removeIf(Http1Connections::isEmpty);
        }
    }

    private HttpClient clearHttp2Client() {
        if (clearHttp2 == null) {
            clearHttp2 = client(options().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false));
        }
        return clearHttp2;
    }

    private HttpClient tlsClient() {
        if (tls == null) {
            tls = client(
                    options().setSsl(true).setUseAlpn(true).setVerifyHost(true).setProtocolVersion(HttpVersion.HTTP_2));
        }
        return tls;
    }

    private static HttpClientOptions options() {
        return new HttpClientOptions()
                .setKeepAlive(true)
                .setKeepAliveTimeout((int) KEEP_ALIVE.toSeconds())
                .setHttp2KeepAliveTimeout(60)
                .setMaxHeaderSize(MOST_HEADER_BYTES)
                .setMaxChunkSize(READ_BYTES)
                .setDecompressionSupported(false)
                .setMaxRedirects(0)
                .setTcpNoDelay(true);
    }

    private HttpClient client(HttpClientOptions options) {
        var pool = new PoolOptions()
                .setHttp1MaxSize(MOST_CONNECTIONS_PER_PROVIDER)
                .setHttp2MaxSize(8)
                .setEventLoopSize(0)
                .setCleanerPeriod(1_000)
                .setMaxWaitQueueSize(MOST_CONNECTIONS_PER_PROVIDER);
        // What breaks on a connection reaches its calls. Left to itself Vert.x also logs it as an error of ours, text
        // of the provider's included.
        return Outlet.PROVIDERS
                .http(vertx)
                .with(options)
                .with(pool)
                .withConnectHandler(connection -> connection.exceptionHandler(_ -> {}))
                .build();
    }

    private static final class HttpExchange implements Exchange {
        private final Listener listener;
        private @Nullable HttpClientRequest request;
        private @Nullable HttpClientResponse response;
        private boolean over;
        private boolean paused;

        HttpExchange(Listener listener) {
            this.listener = listener;
        }

        void opened(HttpClientRequest opened, Buffer body) {
            if (over) {
                opened.exceptionHandler(_ -> {});
                opened.reset();
                return;
            }
            request = opened;
            opened.response().onComplete(answered -> {
                if (answered.succeeded()) {
                    answered(answered.result());
                } else {
                    fail(UpstreamFailure.Kind.BROKEN, answered.cause());
                }
            });
            opened.exceptionHandler(cause -> fail(UpstreamFailure.Kind.BROKEN, cause));
            opened.end(body);
        }

        private void answered(HttpClientResponse answer) {
            if (over) {
                return;
            }
            response = answer;
            answer.handler(piece -> {
                if (!over) {
                    listener.bytes(piece);
                }
            });
            answer.endHandler(_ -> {
                if (!over) {
                    over = true;
                    listener.end();
                }
            });
            answer.exceptionHandler(cause -> fail(UpstreamFailure.Kind.BROKEN, cause));
            if (paused) {
                answer.pause();
            }
            listener.head(answer.statusCode(), answer.headers());
        }

        void fail(UpstreamFailure.Kind kind, Throwable cause) {
            if (!over) {
                over = true;
                listener.failed(UpstreamFailure.of(kind, cause));
            }
        }

        @Override
        public void pause() {
            paused = true;
            if (response != null && !over) {
                response.pause();
            }
        }

        @Override
        public void resume() {
            paused = false;
            if (response != null && !over) {
                response.resume();
            }
        }

        @Override
        public void cancel() {
            if (over) {
                return;
            }
            over = true;
            if (request != null) {
                if (response != null && paused) {
                    response.resume(); // Vert.x gives buffers that wait behind a pause back only when they are read
                }
                request.reset();
                if (request.version() != HttpVersion.HTTP_2) {
                    Connections.sever(request.connection());
                }
            }
        }
    }
}
