package io.mixgateway.platform.credit;

import static org.assertj.core.api.Assertions.assertThat;

import io.mixgateway.platform.journal.RandomGenerations;
import io.mixgateway.platform.usage.UsageSums;
import io.mixgateway.platform.usage.UsageSums.Span;
import io.mixgateway.platform.usage.UsageSums.Step;
import io.mixgateway.relay.call.GenerationId;
import io.mixgateway.relay.money.Nanos;
import io.mixgateway.relay.port.Credit.Held;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sums of months come from days and those of a week from hours: each call is in the step that holds its moment. */
class UsageSumsIT {
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    Path dir;

    @Test
    void aCallIsInTheStepThatHoldsItsMoment() {
        try (var world = new MoneyWorld(dir)) {
            // Given: calls at the edges of days (UTC); a power of two each, so that a sum tells which calls are in it
            var account = world.account(1_000_000);
            var caller = world.key(account);
            var now = Instant.now();
            var today = now.truncatedTo(ChronoUnit.DAYS);
            var moments = List.of(
                    today,
                    today.minusMillis(1),
                    today.minus(DAY),
                    today.minus(DAY.multipliedBy(29)),
                    today.minus(DAY.multipliedBy(29)).minusMillis(1),
                    today.minus(DAY.multipliedBy(89)),
                    today.minus(DAY.multipliedBy(89)).minusMillis(1));
            var node = world.node("one");
            for (int i = 0; i < moments.size(); i++) {
                var id = GenerationId.at(moments.get(i));
                var held = (Held) MoneyWorld.hold(node.credit(), caller, id, 1_000);
                held.hold()
                        .settle(RandomGenerations.costing(
                                id, account, caller.key(), new Nanos(1 << i), new Nanos(1_000)));
            }
            node.stop();
            world.forget(node);

            // When
            var month = UsageSums.of(world.store().database(), account, Span.MONTH, now);
            var quarter = UsageSums.of(world.store().database(), account, Span.QUARTER, now);

            // Then
            assertThat(costs(month)).hasSize(30).startsWith(8L).endsWith(2L + 4, 1L);
            assertThat(month.all().cost()).isEqualTo(new Nanos(8 + 4 + 2 + 1));
            assertThat(month.all().calls()).isEqualTo(4);
            assertThat(month.steps().getLast().start()).isEqualTo(today);
            assertThat(costs(quarter)).hasSize(90).startsWith(32L);
            assertThat(quarter.all().cost()).isEqualTo(new Nanos(32 + 16 + 8 + 4 + 2 + 1));
            assertThat(quarter.keys())
                    .singleElement()
                    .satisfies(key -> assertThat(key.sum()).isEqualTo(quarter.all()));
            assertThat(quarter.models().stream()
                            .mapToLong(model -> model.sum().cost().value())
                            .sum())
                    .isEqualTo(quarter.all().cost().value());
            var week = UsageSums.of(world.store().database(), account, Span.WEEK, now);
            assertThat(week.all().cost()).isEqualTo(new Nanos(4 + 2 + 1));
            world.invariantsHold();
        }
    }

    private static List<Long> costs(UsageSums sums) {
        return sums.steps().stream()
                .map(Step::sum)
                .map(sum -> sum.cost().value())
                .toList();
    }
}
