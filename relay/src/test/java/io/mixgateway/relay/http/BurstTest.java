package io.mixgateway.relay.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mixgateway.relay.dialect.openai.ChatStreamTap.Passed;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BurstTest {
    @Test
    void goesOutInOrderAsOne() {
        var burst = new Burst();
        burst.add(new Passed("..one..".getBytes(UTF_8), 2, 5));
        assertThat(burst.take().toString()).isEqualTo("one");
        assertThat(burst.isEmpty()).isTrue();

        burst.add(new Passed("..one..".getBytes(UTF_8), 2, 5));
        burst.add(new Passed(new byte[0], 0, 0));
        burst.add("two".getBytes(UTF_8));
        assertThat(burst.take().toString()).isEqualTo("onetwo");
    }

    @Test
    void isFullBeforeItCostsMuchMemory() {
        var burst = new Burst();
        for (int i = 0; i < 7; i++) {
            burst.add(new byte[9_000]);
            assertThat(burst.isFull()).isFalse();
        }
        burst.add(new byte[9_000]);
        assertThat(burst.isFull()).isTrue();
        assertThat(burst.take().length()).isEqualTo(72_000);
        assertThat(burst.isFull()).isFalse();
    }

    @Test
    void waitsForTheEndOfTheTurn() throws Exception {
        var vertx = Vertx.vertx();
        try {
            List<String> order = new ArrayList<>();
            var over = new CountDownLatch(1);
            var context = vertx.getOrCreateContext();
            context.runOnContext(_ -> {
                var end = new TurnEnd(context);
                end.then(() -> {
                    order.add("first");
                    end.then(() -> {
                        order.add("of the next turn");
                        over.countDown();
                    });
                });
                end.then(() -> {
                    throw new IllegalStateException("a bug that is not to stop the others");
                });
                end.then(() -> order.add("second"));
                order.add("the turn");
            });
            assertThat(over.await(5, TimeUnit.SECONDS)).isTrue();
            assertThat(order).containsExactly("the turn", "first", "second", "of the next turn");
        } finally {
            vertx.close().await();
        }
    }
}
