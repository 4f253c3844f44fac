package io.mixgateway.platform.keys;

import static io.mixgateway.platform.db.Tables.ACCOUNT;
import static io.mixgateway.platform.db.Tables.API_KEY;
import static io.mixgateway.platform.db.Tables.INSTALLATION;
import static io.mixgateway.platform.db.Tables.PLAN;
import static org.jooq.impl.DSL.coalesce;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.mixgateway.platform.store.Database;
import io.mixgateway.platform.store.Pool;
import io.mixgateway.relay.call.AccountId;
import io.mixgateway.relay.call.Caller;
import io.mixgateway.relay.call.KeyId;
import io.mixgateway.relay.port.Callers;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the relay from memory, and learns of revocations from the database.
 *
 * <p>How a revoked key stays revoked, though a load of it may be under way:
 *
 * <pre>
 * 1. Each revocation gets a number, the epoch; numbers become visible in order ({@link ApiKeys#revoke}).
 * 2. A load reads the key and the epoch in one snapshot: what it found is true as of epoch L.
 * 3. This node follows the epochs, on news and every half second besides. For each step it first sets `seen`
 *    to the new epoch, then removes the keys that changed.
 * 4. A load puts its find into the cache only if `seen` <= L, decided under the entry's lock. Were `seen` set
 *    later than that decision, step 3's removal comes later still and removes it. Otherwise it loads again.
 * </pre>
 *
 * <p>A node that cannot reach the database goes on with the keys it knows for five minutes, then knows nobody.
 */
public final class CachedCallers implements Callers, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CachedCallers.class);
    private static final int MOST_CALLERS = 100_000;
    private static final int MOST_STRANGERS = 10_000;
    private static final int MOST_LOADS = 256;
    private static final int MOST_TRIES = 5;
    private static final Duration FORGET_CALLER = Duration.ofHours(1);
    private static final Duration FORGET_STRANGER = Duration.ofSeconds(10);
    private static final Duration LOAD_LIMIT = Duration.ofSeconds(3);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration CUT_OFF = Duration.ofMinutes(5);

    private final Database database;
    private final KeyDigests digests;
    private final Clock clock;

    private final Cache<Digest, Caller> callers = Caffeine.newBuilder()
            .maximumSize(MOST_CALLERS)
            .expireAfterAccess(FORGET_CALLER)
            // Its upkeep is a few hundred nanoseconds now and then; handing it to another thread costs more.
            .executor(Runnable::run)
            .build();
    /** Apart from the callers, so that a flood of unknown keys drives out nobody. */
    private final Cache<Digest, Boolean> strangers = Caffeine.newBuilder()
            .maximumSize(MOST_STRANGERS)
            .expireAfterWrite(FORGET_STRANGER)
            .build();

    private final Map<Digest, CompletableFuture<Optional<Caller>>> loads = new ConcurrentHashMap<>();
    private final Semaphore loadPermits = new Semaphore(MOST_LOADS);
    private final Semaphore followSignal = new Semaphore(0);
    private final Thread follower;
    private volatile long seen;
    private volatile boolean cutOff;
    private volatile boolean closed;

    private CachedCallers(Database database, KeyDigests digests, Clock clock) {
        this.database = database;
        this.digests = digests;
        this.clock = clock;
        this.seen = database.dsl(Pool.AUTH)
                .select(INSTALLATION.KEY_EPOCH)
                .from(INSTALLATION)
                .fetchSingle()
                .value1();
        this.follower = Thread.ofVirtual().name("key-changes").unstarted(this::follow);
    }

    /** Starts with an empty memory, following changes until closed. */
    public static CachedCallers start(Database database, KeyDigests digests, Clock clock) {
        var callers = new CachedCallers(database, digests, clock);
        callers.follower.start();
        database.onNotify(ApiKeys.CHANGED, _ -> callers.followSignal.release());
        return callers;
    }

    @Override
    public @Nullable Caller cached(String presentedKey) {
        if (cutOff || !KeyDigests.hasTheForm(presentedKey)) {
            return null;
        }
        var caller = callers.getIfPresent(digests.digestOf(presentedKey));
        return caller == null || hasExpired(caller) ? null : caller;
    }

    private boolean hasExpired(Caller caller) {
        return caller.expiresAt().isPresent()
                && !clock.instant().isBefore(caller.expiresAt().get());
    }

    @Override
    public CompletionStage<Optional<Caller>> load(String presentedKey) {
        if (!KeyDigests.hasTheForm(presentedKey) || !digests.isOurs(presentedKey)) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        var digest = digests.digestOf(presentedKey);
        if (!cutOff) {
            var known = callers.getIfPresent(digest);
            if (known != null) {
                return CompletableFuture.completedFuture(unlessExpired(known));
            }
            if (strangers.getIfPresent(digest) != null) {
                return CompletableFuture.completedFuture(Optional.empty());
            }
        }
        // Calls that come with the same key meanwhile wait for the same load.
        var ours = new CompletableFuture<Optional<Caller>>();
        var running = loads.putIfAbsent(digest, ours);
        if (running == null) {
            startLoad(digest, ours);
        }
        return (running == null ? ours : running).copy().orTimeout(LOAD_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private Optional<Caller> unlessExpired(Caller caller) {
        return hasExpired(caller) ? Optional.empty() : Optional.of(caller);
    }

    private void startLoad(Digest digest, CompletableFuture<Optional<Caller>> load) {
        if (!loadPermits.tryAcquire()) {
            loads.remove(digest, load);
            load.completeExceptionally(new IllegalStateException("too many unknown keys at once"));
            return;
        }
        Thread.ofVirtual().name("key-load").start(() -> {
            try {
                load.complete(fetch(digest));
            } catch (RuntimeException e) {
                load.completeExceptionally(e);
            } finally {
                loadPermits.release();
                loads.remove(digest, load);
            }
        });
    }

    private Optional<Caller> fetch(Digest digest) {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            var found = read(digest);
            if (found.caller().isEmpty()) {
                strangers.put(digest, true);
                return Optional.empty();
            }
            var caller = found.caller().get();
            var kept = callers.asMap().compute(digest, (_, _) -> seen <= found.epoch() ? caller : null);
            if (kept != null) {
                return unlessExpired(caller);
            }
        }
        throw new IllegalStateException("keys change faster than they can be read");
    }

    /** What the database said, as of which epoch. */
    private record Found(long epoch, Optional<Caller> caller) {}

    private Found read(Digest digest) {
        var row = database.dsl(Pool.AUTH)
                .select(
                        INSTALLATION.KEY_EPOCH,
                        API_KEY.ID,
                        API_KEY.ACCOUNT_ID,
                        API_KEY.NAME,
                        API_KEY.EXPIRES_AT,
                        coalesce(PLAN.DISCOUNT, 0))
                .from(INSTALLATION)
                .leftJoin(API_KEY)
                .on(API_KEY.DIGEST.eq(digest.bytes()))
                .and(API_KEY.REVOKED_AT.isNull())
                .leftJoin(ACCOUNT)
                .on(ACCOUNT.ID.eq(API_KEY.ACCOUNT_ID))
                .leftJoin(PLAN)
                .on(PLAN.NAME.eq(ACCOUNT.PLAN))
                .fetchSingle();
        String id = row.get(API_KEY.ID);
        var caller = id == null
                ? Optional.<Caller>empty()
                : Optional.of(new Caller(
                        new AccountId(row.get(API_KEY.ACCOUNT_ID)),
                        new KeyId(id),
                        row.get(API_KEY.NAME),
                        ApiKeys.instant(row.get(API_KEY.EXPIRES_AT)),
                        row.value6()));
        return new Found(row.get(INSTALLATION.KEY_EPOCH), caller);
    }

    private void follow() {
        long reached = System.nanoTime();
        while (!closed) {
            try {
                var _ = followSignal.tryAcquire(POLL.toMillis(), TimeUnit.MILLISECONDS);
                followSignal.drainPermits();
                if (closed) {
                    return;
                }
                catchUp();
                reached = System.nanoTime();
                if (cutOff) {
                    LOG.info("Key changes are heard again");
                    cutOff = false;
                }
            } catch (RuntimeException e) {
                // Whatever it is: without this thread, revoked keys would be trusted for ever.
                if (!cutOff && System.nanoTime() - reached > CUT_OFF.toNanos()) {
                    LOG.warn("No word of key changes for {}: known keys are not trusted any more", CUT_OFF, e);
                    cutOff = true;
                }
            } catch (InterruptedException _) {
                return;
            }
        }
    }

    private void catchUp() {
        var changes = database.dsl(Pool.AUTH)
                .select(INSTALLATION.KEY_EPOCH, API_KEY.DIGEST)
                .from(INSTALLATION)
                .leftJoin(API_KEY)
                .on(API_KEY.CHANGED_EPOCH.gt(seen))
                .and(API_KEY.CHANGED_EPOCH.gt(0L))
                .fetch();
        seen = changes.getFirst().value1();
        for (var change : changes) {
            if (change.value2() != null) {
                callers.invalidate(Digest.of(change.value2()));
            }
        }
    }

    /** Stops following. */
    @Override
    public void close() {
        closed = true;
        follower.interrupt();
    }
}
