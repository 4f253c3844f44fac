package io.mixgateway.relay.http;

import io.mixgateway.relay.call.Caller;
import io.mixgateway.relay.call.GenerationId;
import io.mixgateway.relay.content.RequestContent;
import io.mixgateway.relay.port.Idempotency;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Keys in memory, never forgotten; says what a test plants. Answers on another thread, as the real one does. */
final class FakeIdempotency implements Idempotency {
    private final Map<String, First> open = new HashMap<>();
    private final List<String> asked = new ArrayList<>();
    private final List<GenerationId> released = new ArrayList<>();
    private Claim planted = new Unavailable("nothing planted.");
    private boolean answersFirst = true;

    /** Answers this to every claim from now on. */
    synchronized void says(Claim claim) {
        planted = claim;
        answersFirst = false;
    }

    @Override
    public CompletionStage<Claim> claim(Caller caller, String key, String path, RequestContent body) {
        return CompletableFuture.supplyAsync(() -> decide(key));
    }

    private synchronized Claim decide(String key) {
        asked.add(key);
        if (!answersFirst) {
            return planted;
        }
        if (open.containsKey(key)) {
            return new InFlight(java.time.Duration.ofSeconds(1));
        }
        var id = GenerationId.at(Instant.now());
        var first = new First(id, () -> release(key, id));
        open.put(key, first);
        return first;
    }

    private synchronized void release(String key, GenerationId id) {
        open.remove(key);
        released.add(id);
    }

    synchronized List<String> asked() {
        return List.copyOf(asked);
    }

    synchronized List<GenerationId> released() {
        return List.copyOf(released);
    }

    /** The generation of the open claim of that key. */
    synchronized GenerationId generationOf(String key) {
        return java.util.Objects.requireNonNull(open.get(key)).generation();
    }
}
