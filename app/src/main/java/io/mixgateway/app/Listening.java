package io.mixgateway.app;

import io.mixgateway.app.config.Settings;
import io.mixgateway.platform.store.StartRefused;
import io.mixgateway.relay.http.GatewayServer;
import io.mixgateway.relay.http.Listen;
import io.mixgateway.relay.http.Relay;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Where the gateway listens, as the configuration and the command line say. */
record Listening(Listen listen) {
    private static final long LIMIT_SECONDS = 30;

    static Listening of(Settings.Server settings, GatewayOptions options) {
        int port = options.port().orElse(settings.port());
        if (port < 0 || port > 65_535) {
            throw new StartRefused("The port " + port + " does not exist: give one from 0 to 65535 with --port.");
        }
        return new Listening(new Listen(
                options.host().orElse(settings.host()),
                port,
                settings.tls().map(tls -> new Listen.Tls(tls.certificate(), tls.key())),
                Runtime.getRuntime().availableProcessors(),
                Listen.FIRST_HEAD));
    }

    /** Fails at once where a start would fail only after the database has been started. */
    void refuseTakenPort() {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(listen.host(), listen.port()));
        } catch (IOException | IllegalArgumentException taken) {
            throw refused(taken);
        }
    }

    ListeningServer start(Vertx vertx, Relay relay, Handler<HttpServerRequest> everythingElse) {
        try {
            var server = GatewayServer.start(vertx, listen, relay, everythingElse)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(LIMIT_SECONDS, TimeUnit.SECONDS);
            return new ListeningServer(server, site(server.port()));
        } catch (ExecutionException failed) {
            throw refused(failed.getCause() == null ? failed : failed.getCause());
        } catch (TimeoutException late) {
            throw new StartRefused("Listening on " + listen.host() + ":" + listen.port() + " took too long.", late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StartRefused("Stopped while starting.", interrupted);
        }
    }

    private StartRefused refused(Throwable why) {
        var place = listen.host() + ":" + listen.port();
        return switch (why) {
            case BindException _
            when listen.port() > 0 && listen.port() < 1024 ->
                new StartRefused("Port " + listen.port() + " of " + listen.host()
                        + " is taken, or needs more rights than this user has: choose another with --port N.");
            case BindException _ ->
                new StartRefused("Port " + listen.port() + " of " + listen.host()
                        + " is taken by another program: stop that one, or choose another with --port N.");
            case UnknownHostException _ ->
                new StartRefused("The address " + listen.host() + " is unknown: give one of this machine with --host.");
            case SocketException _ ->
                new StartRefused("Cannot listen on " + place + " (" + why.getMessage()
                        + "): give an address of this machine with --host and a free port with --port N.");
            // What Netty's native transport throws is an exception of its own.
            case IOException _
            when String.valueOf(why.getMessage()).contains("Address already in use") ->
                refused(new BindException(why.getMessage()));
            default ->
                new StartRefused("Cannot listen on " + place + ": " + why.getMessage()
                        + (listen.tls().isPresent()
                                ? " (check server.tls: PEM files of a certificate and its key)."
                                : "."));
        };
    }

    /** As it is reached from this machine. */
    private String site(int port) {
        var host = switch (listen.host()) {
            case "0.0.0.0" -> "127.0.0.1";
            case "::" -> "[::1]";
            default -> listen.host().contains(":") ? "[" + listen.host() + "]" : listen.host();
        };
        return (listen.tls().isPresent() ? "https://" : "http://") + host + ":" + port;
    }
}
