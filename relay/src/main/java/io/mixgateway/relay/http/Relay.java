package io.mixgateway.relay.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.mixgateway.relay.port.Callers;
import io.mixgateway.relay.port.Catalogs;
import io.mixgateway.relay.port.Credit;
import io.mixgateway.relay.port.Idempotency;
import io.mixgateway.relay.upstream.Upstream;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What every call of every event loop shares. Thread-safe.
 *
 * @param builtIn upstreams inside the program, by the dialect of their provider: the sandbox
 * @param limits asked anew for each call
 */
public record Relay(
        Callers callers,
        Credit credit,
        Idempotency idempotency,
        Catalogs catalogs,
        Map<String, Upstream> builtIn,
        Supplier<Limits> limits,
        MeterRegistry meters,
        InstantSource clock,
        RelayMetrics metrics,
        InFlight inFlight) {
    public Relay {
        builtIn = Map.copyOf(builtIn);
    }

    public Relay(
            Callers callers,
            Credit credit,
            Idempotency idempotency,
            Catalogs catalogs,
            Map<String, Upstream> builtIn,
            Supplier<Limits> limits,
            MeterRegistry meters,
            InstantSource clock) {
        this(
                callers,
                credit,
                idempotency,
                catalogs,
                builtIn,
                limits,
                meters,
                clock,
                new RelayMetrics(meters),
                new InFlight());
    }
}
