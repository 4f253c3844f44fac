package io.mixgateway.platform.credit;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.mixgateway.platform.journal.Journal;
import java.util.concurrent.TimeUnit;

/**
 * The money path in figures: how much and for how long waits to be booked, and what could not be. None has a label, so
 * there are six series a node.
 */
public final class CreditMeters implements MeterBinder {
    private final LeasedCredit credit;
    private final Journal journal;

    public CreditMeters(LeasedCredit credit, Journal journal) {
        this.credit = credit;
        this.journal = journal;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("mixgateway.journal.backlog", journal, Journal::backlogBytes)
                .baseUnit("bytes")
                .description("Generations on this node's disk that are not in the database yet")
                .register(registry);
        TimeGauge.builder(
                        "mixgateway.journal.age",
                        journal,
                        TimeUnit.MILLISECONDS,
                        j -> j.age().toMillis())
                .description("How long the oldest of them has been waiting, at most")
                .register(registry);
        Gauge.builder("mixgateway.journal.trouble", journal, j -> j.trouble() == null ? 0 : 1)
                .description("1 while the disk refuses the journal and no new calls are taken")
                .register(registry);
        Gauge.builder("mixgateway.credit.store.failing", credit, c -> c.storeFailing() ? 1 : 0)
                .description("1 while the money database does not answer and calls go on within what is leased")
                .register(registry);
        FunctionCounter.builder("mixgateway.usage.booked", credit, LeasedCredit::booked)
                .description("Generations moved to the database")
                .register(registry);
        FunctionCounter.builder("mixgateway.usage.rejected", credit, LeasedCredit::rejected)
                .description("Generations the database refused; look into usage_rejected")
                .register(registry);
    }
}
