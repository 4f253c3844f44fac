package io.mixgateway.platform.credit;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mixgateway.platform.journal.RandomGenerations;
import io.mixgateway.platform.usage.Generations;
import io.mixgateway.platform.usage.KeyUsage;
import io.mixgateway.relay.call.Generation;
import io.mixgateway.relay.call.GenerationId;
import io.mixgateway.relay.money.Nanos;
import io.mixgateway.relay.port.Credit.Held;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsageReadIT {
    @TempDir
    Path dir;

    @Test
    void readsBackEveryFieldAndPagesNewestFirst() {
        try (var world = new MoneyWorld(dir)) {
            // Given
            var account = world.account(1_000_000);
            var caller = world.key(account);
            var stranger = world.account(0);
            world.cap(caller, "day", 500_000);
            var node = world.node("one");
            var random = new Random(3);
            var written = new ArrayList<Generation>();
            for (int i = 0; i < 25; i++) {
                var id = GenerationId.at(Instant.now());
                var held = (Held) MoneyWorld.hold(node.credit(), caller, id, 100);
                var generation =
                        RandomGenerations.of(random, id, account, caller.key(), new Nanos(random.nextInt(100)));
                held.hold().settle(generation);
                written.add(generation);
            }
            var generations = new Generations(world.store().database());

            // Then: readable within two seconds of the call's end
            await().atMost(2, SECONDS)
                    .until(() ->
                            generations.list(account, 100, Optional.empty()).size() == 25);
            written.sort(Comparator.comparing((Generation g) -> g.id().value()).reversed());
            assertThat(generations.list(account, 100, Optional.empty())).isEqualTo(written);
            assertThat(generations.list(account, 10, Optional.of(written.get(9).id())))
                    .isEqualTo(written.subList(10, 20));
            assertThat(generations.find(account, written.getFirst().id())).contains(written.getFirst());
            assertThat(generations.find(stranger, written.getFirst().id())).isEmpty();

            long cost = written.stream().mapToLong(g -> g.cost().value()).sum();
            var usage = KeyUsage.of(world.store().database(), account, caller.key(), Instant.now());
            assertThat(usage.calls()).isEqualTo(25);
            assertThat(usage.cost()).isEqualTo(new Nanos(cost));
            assertThat(usage.tokens())
                    .isEqualTo(
                            written.stream().mapToLong(g -> g.usage().total()).sum());
            assertThat(usage.caps()).singleElement().satisfies(cap -> {
                assertThat(cap.per()).isEqualTo("day");
                assertThat(cap.cap()).isEqualTo(new Nanos(500_000));
                assertThat(cap.spent()).isEqualTo(new Nanos(cost));
            });
            world.quiet();
        }
    }
}
