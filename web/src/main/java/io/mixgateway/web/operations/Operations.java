package io.mixgateway.web.operations;

import static java.util.Objects.requireNonNull;

import io.mixgateway.web.Answer;
import io.mixgateway.web.Permission;
import io.mixgateway.web.Route;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /livez}, {@code /readyz} and {@code /metrics}. */
public final class Operations {
    /** Anybody may ask, so the probes themselves run at most this often. */
    private static final Duration FRESH = Duration.ofSeconds(1);

    private static final Duration PATIENCE = Duration.ofMillis(400);

    private static final Logger log = LoggerFactory.getLogger(Operations.class);

    private final List<Probe> probes;
    private final BooleanSupplier draining;
    private final Supplier<String> metrics;
    private final InstantSource clock;
    private final ReentrantLock probing = new ReentrantLock();
    private final Map<Probe, FutureTask<Probe.Health>> asked = new HashMap<>();
    private @Nullable Readiness last;

    /**
     * @param draining whether the gateway has begun to stop: it is then alive, and not ready
     * @param metrics the meters in Prometheus's text form
     */
    public Operations(List<Probe> probes, BooleanSupplier draining, Supplier<String> metrics, InstantSource clock) {
        this.probes = List.copyOf(probes);
        this.draining = requireNonNull(draining, "draining");
        this.metrics = requireNonNull(metrics, "metrics");
        this.clock = requireNonNull(clock, "clock");
    }

    public List<Route> routes() {
        return List.of(
                Route.get("/livez", Permission.ANYONE, _ -> Answer.json(Map.of("alive", true))),
                Route.get("/readyz", Permission.ANYONE, _ -> ready()),
                Route.get(
                        "/metrics",
                        Permission.ANYONE,
                        _ -> Answer.text("text/plain; version=0.0.4; charset=utf-8", metrics.get())));
    }

    private Answer ready() {
        if (draining.getAsBoolean()) {
            return Answer.json(503, Map.of("ready", false, "draining", true));
        }
        probing.lock();
        try {
            var now = clock.instant();
            var known = last;
            if (known == null || now.isAfter(known.at.plus(FRESH)) || now.isBefore(known.at)) {
                known = probe();
                last = known;
            }
            return Answer.json(known.ready ? 200 : 503, known.document());
        } finally {
            probing.unlock();
        }
    }

    private Readiness probe() {
        boolean ready = true;
        var checks = new LinkedHashMap<String, Object>();
        for (Probe probe : probes) {
            var health = probe.required() ? ask(probe) : answerInTime(probe);
            ready &= health.ok() || !probe.required();
            checks.put(
                    probe.name(), Map.of("ok", health.ok(), "required", probe.required(), "detail", health.detail()));
        }
        return new Readiness(clock.instant(), ready, checks);
    }

    /**
     * Whoever balances load on this gateway waits for a second or so, and takes silence for death. One that has not answered
     * yet is not asked a second time.
     */
    private Probe.Health answerInTime(Probe probe) {
        var task = asked.get(probe);
        if (task == null || task.isDone()) {
            task = new FutureTask<>(() -> ask(probe));
            asked.put(probe, task);
            Thread.ofVirtual().name("probe-" + probe.name()).start(task);
        }
        try {
            return task.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            return new Probe.Health(false, "does not answer within " + PATIENCE.toMillis() + " ms");
        } catch (ExecutionException fault) {
            throw new IllegalStateException("a probe's faults are its answer", fault);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new Probe.Health(false, "the gateway is stopping");
        }
    }

    private static Probe.Health ask(Probe probe) {
        try {
            return probe.health().get();
        } catch (RuntimeException fault) {
            log.warn("The probe of {} failed: {}", probe.name(), fault.toString());
            return new Probe.Health(false, "cannot be asked; the log says why");
        }
    }

    private record Readiness(Instant at, boolean ready, Map<String, Object> checks) {
        Map<String, Object> document() {
            var document = new LinkedHashMap<String, Object>();
            document.put("ready", ready);
            document.put("draining", false);
            document.put("checks", checks);
            return document;
        }
    }
}
