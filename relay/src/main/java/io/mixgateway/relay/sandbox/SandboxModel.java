package io.mixgateway.relay.sandbox;

import static java.util.Objects.requireNonNull;

import io.mixgateway.relay.money.Nanos;
import java.util.Optional;

/**
 * One model of the sandbox, with the price proposed for it.
 *
 * @param id as callers name it after {@code sandbox:}; may carry a parameter, as {@code cut-120} does
 * @param family the id under which it is listed and priced, such as {@code cut}
 * @param description one sentence for people
 * @param parameter how much of its {@link Behaviour}: milliseconds, bytes, tokens or a status; 0 when it takes none
 * @param range what the parameter may be; empty when a name cannot carry one
 * @param inputPerMillion USD per million prompt tokens
 * @param cachedInputPerMillion USD per million prompt tokens that were read from a cache
 * @param outputPerMillion USD per million output tokens, reasoning included
 * @param free whether it charges nothing; then all rates are zero
 * @param contextTokens the longest prompt it takes
 * @param maxOutputTokens the longest answer it gives
 */
public record SandboxModel(
        String id,
        String family,
        String description,
        Behaviour behaviour,
        long parameter,
        Optional<ParameterRange> range,
        Nanos inputPerMillion,
        Nanos cachedInputPerMillion,
        Nanos outputPerMillion,
        boolean free,
        long contextTokens,
        long maxOutputTokens) {
    public SandboxModel {
        requireNonNull(id, "id");
        requireNonNull(family, "family");
        requireNonNull(description, "description");
        requireNonNull(behaviour, "behaviour");
        requireNonNull(range, "range");
        requireNonNull(inputPerMillion, "inputPerMillion");
        requireNonNull(cachedInputPerMillion, "cachedInputPerMillion");
        requireNonNull(outputPerMillion, "outputPerMillion");
        if (free == (inputPerMillion.isPositive() || outputPerMillion.isPositive())) {
            throw new IllegalArgumentException("model " + id + ": rates (expected: some, or free)");
        }
    }

    /**
     * What the number after a family's name may be.
     *
     * @param unit in words, such as {@code milliseconds}
     */
    public record ParameterRange(long least, long most, String unit) {
        boolean holds(long value) {
            return least <= value && value <= most;
        }
    }

    SandboxModel with(String newId, long newParameter) {
        return new SandboxModel(
                newId,
                family,
                description,
                behaviour,
                newParameter,
                range,
                inputPerMillion,
                cachedInputPerMillion,
                outputPerMillion,
                free,
                contextTokens,
                maxOutputTokens);
    }
}
