package io.mixgateway.relay.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IdleConnectionsTest {
    private final Vertx vertx = Vertx.vertx();
    private final IdleConnections connections = new IdleConnections(vertx, new LiveCalls(vertx), Listen.FIRST_HEAD);
    private final AtomicInteger closed = new AtomicInteger();

    @AfterEach
    void end() {
        vertx.close().await();
    }

    private HttpConnection connection() {
        return (HttpConnection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {HttpConnection.class}, (self, method, arguments) -> {
                    if (method.getName().equals("close")) {
                        closed.incrementAndGet();
                    }
                    return null;
                });
    }

    private void after(Duration time) {
        connections.closeIdle(System.nanoTime() + time.toNanos());
    }

    @Test
    void closesOneOnWhichNothingWasEverAsked() {
        connections.opened(connection());
        after(Listen.FIRST_HEAD.minusSeconds(1));
        assertThat(closed).hasValue(0);

        after(Listen.FIRST_HEAD.plusSeconds(1));
        assertThat(closed).hasValue(1);
    }

    @Test
    void keepsOneThatWasUsedForLonger() {
        var used = connection();
        connections.opened(used);
        connections.asked(used);
        after(IdleConnections.BETWEEN_CALLS.minusSeconds(1));
        assertThat(closed).hasValue(0);

        after(IdleConnections.BETWEEN_CALLS.plusSeconds(1));
        assertThat(closed).hasValue(1);
    }
}
