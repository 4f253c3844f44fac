package io.mixgateway.platform.usage;

import static java.util.Objects.requireNonNull;

import io.mixgateway.relay.call.KeyId;
import io.mixgateway.relay.call.Outcome;
import java.util.Optional;

/**
 * Which generations are wanted.
 *
 * @param model a part of the name that was asked for or sent; capitals do not matter, and no letter is special
 */
public record GenerationFilter(Optional<String> model, Optional<KeyId> key, Optional<Outcome> outcome) {
    public static final GenerationFilter ALL =
            new GenerationFilter(Optional.empty(), Optional.empty(), Optional.empty());

    public GenerationFilter {
        requireNonNull(model, "model");
        requireNonNull(key, "key");
        requireNonNull(outcome, "outcome");
    }
}
