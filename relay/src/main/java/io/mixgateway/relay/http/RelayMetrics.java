package io.mixgateway.relay.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.mixgateway.relay.call.Outcome;
import io.mixgateway.relay.call.Refusal;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What the relay counts. Labels are providers, outcomes and refusals only: never a caller, a model or an id. */
final class RelayMetrics {
    private static final int MOST_PROVIDERS = 200;

    private final MeterRegistry registry;
    private final Map<Refusal, Counter> refusals = new EnumMap<>(Refusal.class);
    private final Map<String, Map<Outcome, Timer>> calls = new ConcurrentHashMap<>();
    private final Counter possibleLoss;
    private final Counter estimated;
    private final Counter sumsThatDoNotFit;
    private final Counter retries;

    RelayMetrics(MeterRegistry registry) {
        this.registry = registry;
        for (Refusal refusal : Refusal.values()) {
            refusals.put(
                    refusal,
                    Counter.builder("mixgateway.refusals")
                            .tag("code", refusal.code())
                            .register(registry));
        }
        possibleLoss = Counter.builder("mixgateway.unknown.outcomes")
                .description("Calls given up by our own deadline, whose provider may have billed us")
                .register(registry);
        estimated = Counter.builder("mixgateway.usage.estimated")
                .description("Generations whose usage the provider did not report")
                .register(registry);
        sumsThatDoNotFit = Counter.builder("mixgateway.usage.mismatches")
                .description("Generations whose token classes do not add up to the provider's total")
                .register(registry);
        retries = Counter.builder("mixgateway.retries").register(registry);
    }

    void refused(Refusal refusal) {
        var counter = refusals.get(refusal);
        if (counter != null) {
            counter.increment();
        }
    }

    void finished(String provider, Outcome outcome, Duration latency) {
        var byOutcome = calls.get(provider);
        if (byOutcome == null) {
            byOutcome = calls.size() >= MOST_PROVIDERS ? timers("other") : timers(provider);
        }
        var timer = byOutcome.get(outcome);
        if (timer != null) {
            timer.record(latency);
        }
        if (outcome == Outcome.UNKNOWN) {
            possibleLoss.increment();
        }
    }

    private Map<Outcome, Timer> timers(String provider) {
        return calls.computeIfAbsent(provider, name -> {
            var timers = new EnumMap<Outcome, Timer>(Outcome.class);
            for (Outcome outcome : Outcome.values()) {
                timers.put(
                        outcome,
                        Timer.builder("mixgateway.calls")
                                .tag("provider", name)
                                .tag("outcome", outcome.code())
                                .serviceLevelObjectives(
                                        Duration.ofMillis(100),
                                        Duration.ofSeconds(1),
                                        Duration.ofSeconds(10),
                                        Duration.ofSeconds(60))
                                .register(registry));
            }
            return timers;
        });
    }

    void usageEstimated() {
        estimated.increment();
    }

    void usageDoesNotAddUp() {
        sumsThatDoNotFit.increment();
    }

    void retried() {
        retries.increment();
    }
}
