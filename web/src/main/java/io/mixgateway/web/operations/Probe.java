package io.mixgateway.web.operations;

import static java.util.Objects.requireNonNull;

import java.util.function.Supplier;

/**
 * One thing that readiness depends on.
 *
 * @param name a stable word, such as {@code database}
 * @param required whether the gateway takes no traffic while this fails; otherwise it is only shown
 * @param health asks for the state now; may throw, which counts as failing; may block where it is not required, and counts as
 *     failing until it answers
 */
public record Probe(String name, boolean required, Supplier<Health> health) {
    public Probe {
        requireNonNull(name, "name");
        requireNonNull(health, "health");
    }

    /** @param detail one sentence without secrets */
    public record Health(boolean ok, String detail) {
        public Health {
            requireNonNull(detail, "detail");
        }
    }
}
