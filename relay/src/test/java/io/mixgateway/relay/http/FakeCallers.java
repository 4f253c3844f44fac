package io.mixgateway.relay.http;

import io.mixgateway.relay.call.AccountId;
import io.mixgateway.relay.call.Caller;
import io.mixgateway.relay.call.KeyId;
import io.mixgateway.relay.port.Callers;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Keys in a map. A key is cached from its first load on, as in the real one. */
final class FakeCallers implements Callers {
    private final Map<String, Caller> known = new ConcurrentHashMap<>();
    private final Map<String, Caller> cached = new ConcurrentHashMap<>();
    private volatile boolean away;

    Caller add(String key, String account) {
        var caller = new Caller(new AccountId(account), new KeyId("key-of-" + account), "a key", Optional.empty());
        known.put(key, caller);
        return caller;
    }

    /** From now on nobody can be looked up. */
    void storeIsAway() {
        away = true;
    }

    @Override
    public @Nullable Caller cached(String presentedKey) {
        return cached.get(presentedKey);
    }

    @Override
    public CompletionStage<Optional<Caller>> load(String presentedKey) {
        if (away) {
            return CompletableFuture.failedFuture(new IllegalStateException("store: canary-of-the-store is away"));
        }
        return CompletableFuture.supplyAsync(() -> {
            var caller = Optional.ofNullable(known.get(presentedKey));
            caller.ifPresent(found -> cached.put(presentedKey, found));
            return caller;
        });
    }
}
