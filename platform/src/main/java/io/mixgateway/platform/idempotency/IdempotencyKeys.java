package io.mixgateway.platform.idempotency;

import io.mixgateway.platform.keys.KeyDigests;
import io.mixgateway.platform.store.Database;
import io.mixgateway.platform.usage.Generations;
import io.mixgateway.relay.call.Caller;
import io.mixgateway.relay.call.GenerationId;
import io.mixgateway.relay.call.Outcome;
import io.mixgateway.relay.content.RequestContent;
import io.mixgateway.relay.port.Idempotency;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jooq.exception.DataAccessException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims of keys in PostgreSQL, so that they hold over all nodes. Each claim is one insert, on a virtual thread; what became
 * of an earlier call is read from its generation.
 */
public final class IdempotencyKeys implements Idempotency, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(IdempotencyKeys.class);
    private static final Duration ASK_AGAIN = Duration.ofSeconds(1);
    private static final Duration CLEAN_EVERY = Duration.ofMinutes(10);
    private static final int MOST_AT_ONCE = 512;
    private static final int RELEASE_TRIES = 3;
    /** Each round that finds another state of the row is somebody else's progress. */
    private static final int ROUNDS = 5;

    private final KeyDigests digests;
    private final Claims claims;
    private final Generations generations;
    private final InstantSource clock;
    private final Supplier<IdempotencyTerms> terms;
    private final Semaphore places = new Semaphore(MOST_AT_ONCE);
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("idempotency-", 0).factory());
    private final ScheduledExecutorService cleaner = Executors.newSingleThreadScheduledExecutor(
            Thread.ofVirtual().name("idempotency-cleaner").factory());

    private IdempotencyKeys(
            Database database, KeyDigests digests, String node, InstantSource clock, Supplier<IdempotencyTerms> terms) {
        this.digests = digests;
        this.claims = new Claims(database, node);
        this.generations = new Generations(database);
        this.clock = clock;
        this.terms = terms;
    }

    /**
     * Gives up what an earlier process of this node had claimed and not made, and starts. To be called when all that it had
     * settled is booked, before the first call. Blocking.
     *
     * @param node as in the journal
     * @throws DataAccessException when the database fails
     */
    public static IdempotencyKeys open(
            Database database, KeyDigests digests, String node, InstantSource clock, Supplier<IdempotencyTerms> terms) {
        var keys = new IdempotencyKeys(database, digests, node, clock, terms);
        keys.claims.abandonAll();
        var _ = keys.cleaner.scheduleWithFixedDelay(
                keys::cleanQuietly, CLEAN_EVERY.toMillis(), CLEAN_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        return keys;
    }

    @Override
    public CompletionStage<Claim> claim(Caller caller, String key, String path, RequestContent body) {
        var answer = new CompletableFuture<Claim>();
        if (!places.tryAcquire()) {
            answer.complete(new Unavailable("too many such calls wait for the store."));
            return answer;
        }
        try {
            threads.execute(() -> {
                try {
                    answer.complete(claimNow(caller, key, path, body));
                } catch (DataAccessException | IllegalStateException e) {
                    log.debug("an idempotency key could not be claimed: away, or closed", e);
                    answer.complete(new Unavailable("the store does not answer."));
                } catch (RuntimeException | Error bug) {
                    log.error("an idempotency key could not be claimed", bug);
                    answer.complete(new Unavailable("the gateway failed on it."));
                } finally {
                    places.release();
                }
            });
        } catch (RejectedExecutionException _) {
            places.release();
            answer.complete(new Unavailable("the gateway is stopping."));
        }
        return answer;
    }

    private Claim claimNow(Caller caller, String key, String path, RequestContent body) {
        byte[] name = digests.digest("idempotency key", utf8(caller.account().value()), utf8(key));
        byte[] request = digests.digest("idempotent request", utf8(path), body.bytes());
        for (int round = 0; round < ROUNDS; round++) {
            var now = clock.instant();
            var mine = new Claims.Row(
                    name,
                    request,
                    caller.account(),
                    GenerationId.at(now),
                    now,
                    false,
                    now.plus(terms.get().keep()));
            if (claims.insert(mine)) {
                return first(mine);
            }
            var there = claims.find(name);
            if (there == null) {
                continue; // released meanwhile
            }
            boolean expired = !there.expiresAt().isAfter(now);
            if (!expired && !there.isFor(request)) {
                return new Mismatch();
            }
            var answer = expired ? null : standing(there);
            if (answer != null) {
                return answer;
            }
            if (claims.replace(there, mine)) {
                return first(mine);
            }
        }
        return new InFlight(ASK_AGAIN);
    }

    /** What the claim that is there keeps the caller from; null for nothing: that call was not made, or not charged. */
    private @org.jspecify.annotations.Nullable Claim standing(Claims.Row there) {
        var made = generations.find(there.account(), there.generation());
        if (made.isPresent()) {
            var generation = made.get();
            boolean stands = generation.cost().isPositive() || delivered(generation.outcome());
            return stands ? new Made(generation.id(), generation.outcome(), generation.cost()) : null;
        }
        boolean over = there.abandoned()
                || !there.claimedAt().plus(terms.get().longestCall()).isAfter(clock.instant());
        return over ? null : new InFlight(ASK_AGAIN);
    }

    /** Whether the client had something of it, also where that cost nothing. */
    private static boolean delivered(Outcome outcome) {
        return switch (outcome) {
            case COMPLETED, CANCELLED, TRUNCATED, FUNDS_EXHAUSTED -> true;
            case CANCELLED_BEFORE_FIRST_TOKEN, UPSTREAM_ERROR, REJECTED, UNKNOWN -> false;
        };
    }

    private First first(Claims.Row mine) {
        return new First(mine.generation(), () -> release(mine));
    }

    private void release(Claims.Row mine) {
        try {
            threads.execute(() -> {
                for (int left = RELEASE_TRIES; left > 0; left--) {
                    try {
                        claims.delete(mine);
                        return;
                    } catch (DataAccessException e) {
                        log.debug("an idempotency key could not be released; {} tries left", left - 1, e);
                    }
                }
            });
        } catch (RejectedExecutionException _) {
            log.debug("stopping: an idempotency key is released with the next start");
        }
    }

    private void cleanQuietly() {
        try {
            clean();
        } catch (RuntimeException e) {
            log.warn("expired idempotency keys could not be removed; tried again in ten minutes", e);
        }
    }

    /** Removes what has expired; gives how many. Blocking. */
    public long clean() {
        return claims.deleteExpired(clock.instant());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Takes no new claims, and lets the releases under way finish. */
    @Override
    public void close() {
        cleaner.shutdownNow();
        threads.shutdown();
        try {
            if (!threads.awaitTermination(5, TimeUnit.SECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
