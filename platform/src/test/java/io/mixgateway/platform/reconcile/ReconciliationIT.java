package io.mixgateway.platform.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.mixgateway.platform.reconcile.Reconciliation.Row;
import io.mixgateway.platform.reconcile.Reconciliation.State;
import io.mixgateway.platform.store.Pool;
import io.mixgateway.platform.store.TestDatabase;
import io.mixgateway.relay.money.Nanos;
import io.mixgateway.testkit.FakeClock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReconciliationIT {
    private static final LocalDate DAY = LocalDate.of(2026, 11, 20);

    private final TestDatabase store = TestDatabase.fresh();
    private final Reconciliation reconciliation = new Reconciliation(store.database());

    @AfterEach
    void drop() {
        store.close();
    }

    private void counted(String hour, String model, long calls, long input, long output, long cost) {
        store.database().dsl(Pool.JOBS).execute("""
                        insert into usage_hourly (hour, account_id, key_id, provider, model, calls, completed, input, cache_read,
                          cache_write, output, reasoning, audio_input, audio_output, image_input, image_output, cost, latency_ms)
                        values (?::timestamptz, 'acc', 'key', 'openai', ?, ?, 0, ?, 1, 1, ?, 1, 0, 0, 0, 0, ?, 0)""", hour, model, calls, input - 2, output - 1, cost);
    }

    private static InvoiceLine line(String model, long calls, long input, long output, String cost) {
        return new InvoiceLine(
                DAY, model, OptionalLong.of(calls), OptionalLong.of(input), OptionalLong.of(output), Nanos.parse(cost));
    }

    @Test
    void tellsByDayAndModelWhatAgreesAndWhatDoesNot() {
        counted("2026-11-20T00:00:00Z", "agrees", 2, 100, 10, 900_000_000);
        counted("2026-11-20T23:00:00Z", "agrees", 3, 200, 20, 600_000_000);
        counted("2026-11-21T00:00:00Z", "agrees", 7, 7, 7, 7); // the next day
        counted("2026-11-20T05:00:00Z", "differs", 5, 300, 30, 1);
        counted("2026-11-20T05:00:00Z", "unbilled", 1, 10, 10, 1);
        reconciliation.importInvoice("openai", List.of(line("agrees", 9, 9, 9, "9")), "first.csv");
        reconciliation.importInvoice(
                "openai",
                List.of(
                        line("agrees", 5, 300, 30, "1.40"),
                        line("differs", 5, 301, 30, "0.5"),
                        line("unknown", 1, 1, 1, "2")),
                "second.csv");

        var rows = reconciliation.report("openai", DAY, DAY.plusDays(1));

        assertThat(rows)
                .extracting(Row::model, Row::state, Row::isLoss)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("agrees", State.AGREES, false),
                        org.assertj.core.groups.Tuple.tuple("differs", State.DIFFERS, true),
                        org.assertj.core.groups.Tuple.tuple("unbilled", State.ONLY_COUNTED, false),
                        org.assertj.core.groups.Tuple.tuple("unknown", State.ONLY_INVOICED, true));
        assertThat(rows.getFirst().charged()).isEqualTo(Nanos.parse("1.5"));
        assertThat(rows.getFirst().inputTokens()).isEqualTo(300);
        assertThat(reconciliation.report("other", DAY, DAY.plusDays(1))).isEmpty();
    }

    @Test
    void theNightlyComparisonIsMadeOnceByOneNodeAfterThree() {
        var clock = FakeClock.at(Instant.parse("2026-11-21T02:59:00Z"));
        counted("2026-11-20T05:00:00Z", "differs", 5, 300, 30, 1);
        reconciliation.importInvoice("openai", List.of(line("differs", 6, 300, 30, "0.5")), "i.csv");
        try (var one = NightlyReconciliation.standing(reconciliation, clock);
                var other = NightlyReconciliation.standing(new Reconciliation(store.database()), clock)) {
            assertThat(one.look()).isFalse();
            clock.advance(Duration.ofMinutes(1));
            assertThat(one.look()).isTrue();
            assertThat(other.look()).isFalse();
            assertThat(one.look()).isFalse();
            clock.advance(Duration.ofDays(1));
            assertThat(other.look()).isTrue();
        }
        assertThat(store.database()
                        .dsl(Pool.JOBS)
                        .fetch("select differences from reconciliation_run order by day")
                        .map(row -> row.get(0, Long.class)))
                .containsExactly(1L, 1L);
    }
}
