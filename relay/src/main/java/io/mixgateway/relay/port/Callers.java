package io.mixgateway.relay.port;

import io.mixgateway.relay.call.Caller;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Who is behind a presented API key. Implementations look keys up by keyed hash and never keep the secret. */
public interface Callers {
    /** The caller when it is known without asking anybody, else null: then {@link #load}. Does not block. */
    @Nullable
    Caller cached(String presentedKey);

    /**
     * Finds the caller. Empty for an unknown, revoked or expired key, with nothing to tell them apart.
     * Completes exceptionally when the store does not answer in time: the call is then refused with 503.
     */
    CompletionStage<Optional<Caller>> load(String presentedKey);
}
