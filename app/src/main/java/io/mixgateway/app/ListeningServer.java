package io.mixgateway.app;

import io.mixgateway.relay.http.GatewayServer;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/** The server that answers, and how it ends: once, with or without waiting for calls. */
final class ListeningServer implements AutoCloseable {
    private static final Duration SLACK = Duration.ofSeconds(5);

    private final GatewayServer server;
    private final String site;
    private final AtomicBoolean ended = new AtomicBoolean();

    /** @param site how it is reached, such as {@code http://127.0.0.1:8080} */
    ListeningServer(GatewayServer server, String site) {
        this.server = server;
        this.site = site;
    }

    int port() {
        return server.port();
    }

    String site() {
        return site;
    }

    int calls() {
        return server.calls();
    }

    /** Waits until no call runs, or for {@code most}; then listens no more. */
    void drain(Duration most) {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        try {
            server.drain(most)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(most.plus(SLACK).toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException fault) {
            throw new IllegalStateException("the server did not end", fault);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        drain(Duration.ZERO);
    }
}
