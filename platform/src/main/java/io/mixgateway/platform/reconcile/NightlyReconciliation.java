package io.mixgateway.platform.reconcile;

import io.mixgateway.platform.reconcile.Reconciliation.Row;
import io.mixgateway.platform.reconcile.Reconciliation.State;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the last seven days with their invoices once a night (after 03:00 UTC), on one of the nodes, and says in the log
 * what does not agree. Without invoices there is nothing to compare and nothing is said.
 */
public final class NightlyReconciliation implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(NightlyReconciliation.class);
    private static final LocalTime BEGIN = LocalTime.of(3, 0);
    private static final Duration LOOK = Duration.ofMinutes(20);
    private static final int DAYS = 7;

    private final Reconciliation reconciliation;
    private final InstantSource clock;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofVirtual().name("reconciliation").factory());

    private NightlyReconciliation(Reconciliation reconciliation, InstantSource clock) {
        this.reconciliation = reconciliation;
        this.clock = clock;
    }

    /** Begins to look, three times an hour. */
    public static NightlyReconciliation start(Reconciliation reconciliation, InstantSource clock) {
        var nightly = new NightlyReconciliation(reconciliation, clock);
        var _ = nightly.thread.scheduleWithFixedDelay(
                nightly::lookQuietly, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
        return nightly;
    }

    /** One that only looks when it is told to; for tests. */
    static NightlyReconciliation standing(Reconciliation reconciliation, InstantSource clock) {
        return new NightlyReconciliation(reconciliation, clock);
    }

    private void lookQuietly() {
        try {
            look();
        } catch (RuntimeException e) {
            log.warn("the nightly comparison with the providers' invoices failed; tried again in 20 minutes", e);
        }
    }

    /** Makes tonight's comparison if it is time and nobody has made it. @return whether this call made it */
    boolean look() {
        var now = clock.instant().atOffset(ZoneOffset.UTC);
        var today = now.toLocalDate();
        if (now.toLocalTime().isBefore(BEGIN) || reconciliation.wasRun(today)) {
            return false;
        }
        long differences = 0;
        var from = today.minusDays(DAYS);
        for (String provider : reconciliation.invoicedProviders(from, today)) {
            differences += compare(provider, from, today);
        }
        return reconciliation.noteRun(today, differences);
    }

    private long compare(String provider, LocalDate from, LocalDate to) {
        var rows = reconciliation.report(provider, from, to);
        long differences =
                rows.stream().filter(row -> row.state() != State.AGREES).count();
        long losses = rows.stream().filter(Row::isLoss).count();
        if (differences > 0 || losses > 0) {
            log.warn(
                    "Invoices of {} do not agree with what was counted: {} lines differ, {} are losses;"
                            + " see mixgateway reconcile report",
                    provider,
                    differences,
                    losses);
        }
        return differences;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
