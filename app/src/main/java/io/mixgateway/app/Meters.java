package io.mixgateway.app;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.mixgateway.platform.credit.LeasedCredit;
import io.mixgateway.platform.journal.Journal;

/** What is measured, as Prometheus reads it, with the JVM's own figures. */
record Meters(PrometheusMeterRegistry registry) implements AutoCloseable {

    static Meters open() {
        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        new JvmMemoryMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        return new Meters(registry);
    }

    /** What money does beside the calls. */
    void watch(LeasedCredit credit, Journal journal) {
        Gauge.builder("mixgateway.journal.backlog", journal, Journal::backlogBytes)
                .baseUnit("bytes")
                .description("Generations that are finished and not in the database yet")
                .register(registry);
        FunctionCounter.builder("mixgateway.generations.booked", credit, LeasedCredit::booked)
                .register(registry);
        FunctionCounter.builder("mixgateway.generations.rejected", credit, LeasedCredit::rejected)
                .description("Generations that the database refused: each is a row of usage_rejected")
                .register(registry);
        Gauge.builder("mixgateway.store.failing", credit, money -> money.storeFailing() ? 1 : 0)
                .description("1 while the database does not answer; calls go on within what is leased")
                .register(registry);
    }

    String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        registry.close();
    }
}
