package io.mixgateway.platform.credit;

import static org.assertj.core.api.Assertions.assertThat;

import io.mixgateway.platform.journal.RandomGenerations;
import io.mixgateway.platform.usage.UsageSums;
import io.mixgateway.platform.usage.UsageSums.Span;
import io.mixgateway.platform.usage.UsageSums.Step;
import io.mixgateway.relay.call.Caller;
import io.mixgateway.relay.call.GenerationId;
import io.mixgateway.relay.money.Nanos;
import io.mixgateway.relay.port.Credit.Held;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
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
            call(world, caller, moments);

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

    /** The first hours of a week or of 24 hours come from hours, and what is after the next midnight from days. */
    @Test
    void partsAndStepsAreOfTheSameStretch() {
        try (var world = new MoneyWorld(dir)) {
            // Given: calls at both edges of each span's first step and first whole day
            var account = world.account(1_000_000);
            var now = Instant.now();
            var starts = new ArrayList<Instant>();
            for (Span span : List.of(Span.DAY, Span.WEEK)) {
                var start = UsageSums.of(world.store().database(), account, span, now)
                        .steps()
                        .getFirst()
                        .start();
                starts.add(start);
                starts.add(start.minusMillis(1).truncatedTo(ChronoUnit.DAYS).plus(DAY));
            }
            var moments = new ArrayList<Instant>();
            starts.stream().distinct().forEach(at -> moments.addAll(List.of(at.minusMillis(1), at)));
            call(world, world.key(account), moments);

            for (Span span : Span.values()) {
                // When
                var sums = UsageSums.of(world.store().database(), account, span, now);

                // Then
                long expected = 0;
                for (int i = 0; i < moments.size(); i++) {
                    expected += moments.get(i).isBefore(sums.steps().getFirst().start()) ? 0 : 1L << i;
                }
                assertThat(sums.all().cost()).as(span.code()).isEqualTo(new Nanos(expected));
                assertThat(costs(sums).stream().mapToLong(Long::longValue).sum())
                        .as(span.code())
                        .isEqualTo(expected);
                assertThat(sums.keys())
                        .singleElement()
                        .satisfies(key -> assertThat(key.sum()).isEqualTo(sums.all()));
                assertThat(sums.models().stream()
                                .mapToLong(model -> model.sum().cost().value())
                                .sum())
                        .as(span.code())
                        .isEqualTo(expected);
            }
        }
    }

    private static void call(MoneyWorld world, Caller caller, List<Instant> moments) {
        var node = world.node("one");
        for (int i = 0; i < moments.size(); i++) {
            var id = GenerationId.at(moments.get(i));
            var held = (Held) MoneyWorld.hold(node.credit(), caller, id, 1_000);
            held.hold()
                    .settle(RandomGenerations.costing(
                            id, caller.account(), caller.key(), new Nanos(1 << i), new Nanos(1_000)));
        }
        node.stop();
        world.forget(node);
    }

    private static List<Long> costs(UsageSums sums) {
        return sums.steps().stream()
                .map(Step::sum)
                .map(sum -> sum.cost().value())
                .toList();
    }
}
