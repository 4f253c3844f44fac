package io.mixgateway.relay.port;

import static java.util.Objects.requireNonNull;

import io.mixgateway.relay.call.Caller;
import io.mixgateway.relay.call.GenerationId;
import io.mixgateway.relay.call.Outcome;
import io.mixgateway.relay.content.RequestContent;
import io.mixgateway.relay.money.Nanos;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * Sees to it that an {@code Idempotency-Key} makes at most one charged call, on whatever node (docs/idempotency). Asked only
 * for calls that carry one. Keeps no request content: of a body, only a keyed digest.
 */
public interface Idempotency {
    /**
     * Claims {@code key} for a call that is about to be made. Does not block, and takes the digest of the body elsewhere
     * than on the event loop; never completes exceptionally.
     *
     * @param path the surface, such as {@code /v1/chat/completions}: the same body elsewhere is another request
     * @param body not changed, and not kept after the stage has completed
     */
    CompletionStage<Claim> claim(Caller caller, String key, String path, RequestContent body);

    /** What came of it. */
    sealed interface Claim {}

    /**
     * Nobody made this call, or it was tried and not charged: make it.
     *
     * @param generation the id that the call's generation must have
     * @param release gives the key back; to be run exactly when the call ends without a generation of that id. Does not
     *     block.
     */
    record First(GenerationId generation, Runnable release) implements Claim {
        public First {
            requireNonNull(generation, "generation");
            requireNonNull(release, "release");
        }
    }

    /** The same call is under way, or ended a moment ago. */
    record InFlight(Duration askAgain) implements Claim {}

    /** The same call was made and is charged. */
    record Made(GenerationId generation, Outcome outcome, Nanos cost) implements Claim {}

    /** The key was used with another body or path. */
    record Mismatch() implements Claim {}

    /** It cannot be known just now whether the call was made, so it must not be. */
    record Unavailable(String reason) implements Claim {}
}
