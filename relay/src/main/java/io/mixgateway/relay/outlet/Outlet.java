package io.mixgateway.relay.outlet;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientBuilder;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import java.net.Socket;
import java.net.http.HttpClient;
import java.time.Duration;

/**
 * A named way out of the process. A new one is a new constant here, with its fields of personal data declared in
 * platform's {@code privacy.DataMap}; docs/outbound.md lists them for operators and their users.
 */
public enum Outlet {
    /** The calls of clients, carried on. */
    PROVIDERS(
            "providers",
            "the hosts of `providers.*.base-url`, those of the presets included",
            "with each model call, to the provider that the model is from",
            "the request as the client sent it, with the model's name exchanged; headers of the dialect; the"
                    + " operator's credential",
            "take the provider out of the configuration"),
    /** Whether a provider can be reached, asked by {@code doctor}. */
    PROVIDER_REACH(
            "provider-reach",
            "the hosts of `providers.*.base-url`",
            "when an operator runs `mixgateway doctor`",
            "a HEAD request without a credential and without content",
            "do not run it"),
    /** Which models an Ollama serves. */
    OLLAMA(
            "ollama",
            "the host of `discovery.ollama-url`, this machine unless changed",
            "at start and every 30 seconds after it",
            "`GET /api/tags` without a credential and without content",
            "`discovery.ollama: false`"),
    /** Our own port on this machine. */
    OWN_PORT(
            "own-port",
            "this machine",
            "by `mixgateway doctor`, to see who has the port, and by the training run after a build",
            "`GET /livez`; in the training run, sample calls to the sandbox",
            "it does not leave the machine"),
    /** Where everything is kept. */
    DATABASE(
            "database",
            "this machine, or the host of `--database-url`",
            "always",
            "everything that DataMap lists as a column; never the content of requests",
            "it is needed; the embedded one does not leave the machine");

    private final String id;
    private final String hosts;
    private final String when;
    private final String what;
    private final String off;

    Outlet(String id, String hosts, String when, String what, String off) {
        this.id = id;
        this.hosts = hosts;
        this.when = when;
        this.what = what;
        this.off = off;
    }

    /** A stable word for it, as in docs/outbound.md. */
    public String id() {
        return id;
    }

    /** To whom, in words with the names of settings in backquotes. */
    public String hosts() {
        return hosts;
    }

    /** When it is used. */
    public String when() {
        return when;
    }

    /** What goes out. */
    public String what() {
        return what;
    }

    /** How an operator keeps it shut. */
    public String off() {
        return off;
    }

    /** Vert.x's clients of this outlet. For event loops. */
    public HttpClientBuilder http(Vertx vertx) {
        return vertx.httpClientBuilder();
    }

    /** Vert.x's bare connections of this outlet. For event loops. */
    public NetClient net(Vertx vertx, NetClientOptions options) {
        return vertx.createNetClient(options);
    }

    /** A blocking client of this outlet; close it. */
    public HttpClient http(Duration connectTimeout) {
        return HttpClient.newBuilder().connectTimeout(connectTimeout).build();
    }

    /** A bare socket of this outlet, not connected yet; close it. */
    public Socket socket() {
        return new Socket();
    }
}
