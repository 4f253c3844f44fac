package io.mixgateway.platform.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mixgateway.platform.accounts.Accounts;
import io.mixgateway.platform.store.Database;
import io.mixgateway.platform.store.Pool;
import io.mixgateway.platform.store.TestDatabase;
import io.mixgateway.relay.call.AccountId;
import io.mixgateway.relay.call.Caller;
import io.mixgateway.testkit.FakeClock;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CachedCallersIT {
    private final TestDatabase store = TestDatabase.fresh();
    private final FakeClock clock = FakeClock.standing();
    private final KeyDigests digests = KeyDigests.load(store.database(), Optional.empty());
    private final ApiKeys keys = new ApiKeys(store.database(), digests, clock);
    private final AccountId account = new Accounts(store.database(), clock)
            .create("ada@example.org", "Ada")
            .id();
    private final CachedCallers callers = CachedCallers.start(store.database(), digests, clock);

    @AfterEach
    void drop() {
        callers.close();
        store.close();
    }

    private static Optional<Caller> load(CachedCallers callers, String key) throws Exception {
        return callers.load(key).toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    @Test
    void knowsAKeyFromTheSecondCallOn() throws Exception {
        // Given
        var made = keys.create(account, "laptop", List.of(), Optional.empty());
        var secret = made.secret().reveal();
        assertThat(callers.cached(secret)).isNull();

        // When
        var loaded = load(callers, secret);

        // Then
        assertThat(loaded).contains(new Caller(account, made.key().id(), "laptop", Optional.empty()));
        assertThat(callers.cached(secret)).isEqualTo(loaded.orElseThrow());
    }

    // FAILURES 106
    @Test
    void asksTheDatabaseForNothingThatCannotBeAKey() throws Exception {
        // Given a database that would notice
        var before = statements();

        // When
        for (String text : List.of(
                "",
                "' OR '1'='1",
                "sk-mg-'; select pg_sleep(10) --",
                "sk-mg-" + "%".repeat(42),
                "sk-mg-" + "a".repeat(42), // the form is right, the check is not
                "sk-mg-" + "a".repeat(10_000_000),
                "\u0000")) {
            assertThat(callers.cached(text)).isNull();
            assertThat(load(callers, text)).isEmpty();
        }

        // Then
        assertThat(statements() - before).isZero();
    }

    /** Index look-ups of keys so far. */
    private long statements() {
        return store.database()
                .dsl(Pool.JOBS)
                .fetchSingle("select coalesce(sum(idx_scan), 0) from pg_stat_user_indexes where indexrelname ="
                        + " 'api_key_digest_key'")
                .get(0, Long.class);
    }

    // FAILURES 113
    @Test
    void tellsUnknownRevokedAndExpiredKeysApartByNothing() throws Exception {
        // Given
        var revoked = keys.create(account, "revoked", List.of(), Optional.empty());
        keys.revoke(revoked.key().id());
        var expires = clock.instant().plus(Duration.ofMinutes(1));
        var expired = keys.create(account, "expired", List.of(), Optional.of(expires));
        assertThat(load(callers, expired.secret().reveal())).isPresent();
        assertThat(callers.cached(expired.secret().reveal())).isNotNull();

        // When
        clock.set(expires);

        // Then
        for (String secret : List.of(
                digests.newSecret().reveal(),
                revoked.secret().reveal(),
                expired.secret().reveal())) {
            assertThat(callers.cached(secret)).isNull();
            assertThat(load(callers, secret)).isEmpty();
        }
    }

    @Test
    void followsChangesAlsoAfterAFailureThatNobodyForesaw() throws Exception {
        // Given
        var made = keys.create(account, "laptop", List.of(), Optional.empty());
        var secret = made.secret().reveal();
        load(callers, secret);
        var dsl = store.database().dsl(Pool.JOBS);
        dsl.execute("create table kept as select * from installation");

        // When there is no row for a while, which cannot be
        dsl.execute("delete from installation");
        long before = store.database().taken(Pool.AUTH);
        await().atMost(Duration.ofSeconds(20)).until(() -> store.database().taken(Pool.AUTH) >= before + 3);
        dsl.execute("insert into installation select * from kept");
        keys.revoke(made.key().id());

        // Then
        await().atMost(Duration.ofSeconds(20)).until(() -> callers.cached(secret) == null);
    }

    // FAILURES 110
    @Test
    void forgetsARevokedKeyOnEveryNodeWithinASecond() throws Exception {
        // Given
        var secret = keys.create(account, "laptop", List.of(), Optional.empty());
        try (Database second = store.connect();
                var there = CachedCallers.start(second, digests, clock)) {
            load(callers, secret.secret().reveal());
            load(there, secret.secret().reveal());

            // When
            keys.revoke(secret.key().id());

            // Then
            await().pollInterval(Duration.ofMillis(5))
                    .atMost(Duration.ofSeconds(1))
                    .until(() -> callers.cached(secret.secret().reveal()) == null
                            && there.cached(secret.secret().reveal()) == null);
            assertThat(load(there, secret.secret().reveal())).isEmpty();
        }
    }

    // FAILURES 110
    @Test
    void forgetsARevokedKeyAlsoWhenNoNewsComes() throws Exception {
        // Given
        var made = keys.create(account, "laptop", List.of(), Optional.empty());
        load(callers, made.secret().reveal());

        // When the change is made without a word
        store.database().execute(Pool.JOBS, tx -> {
            tx.execute("update installation set key_epoch = key_epoch + 1");
            tx.execute("update api_key set revoked_at = now(), changed_epoch = (select key_epoch from installation)");
        });

        // Then
        await().atMost(Duration.ofSeconds(2))
                .until(() -> callers.cached(made.secret().reveal()) == null);
    }

    // FAILURES 110
    @Test
    void bringsNoRevokedKeyBackHoweverLoadsAndRevocationsMeet() throws Exception {
        for (int round = 0; round < 20; round++) {
            // Given calls with the key from all sides
            var made = keys.create(account, "key " + round, List.of(), Optional.empty());
            var secret = made.secret().reveal();
            var stop = new AtomicBoolean();
            var lastSeen = new AtomicLong();
            var threads = new ArrayList<Thread>();
            for (int i = 0; i < 8; i++) {
                threads.add(Thread.ofVirtual().start(() -> {
                    while (!stop.get()) {
                        if (callers.cached(secret) != null
                                || callers.load(secret)
                                        .toCompletableFuture()
                                        .join()
                                        .isPresent()) {
                            lastSeen.set(System.nanoTime());
                        }
                        LockSupport.parkNanos(50_000);
                    }
                }));
            }
            Thread.sleep(5);

            // When
            keys.revoke(made.key().id());
            long revoked = System.nanoTime();
            Thread.sleep(300);
            stop.set(true);
            for (Thread thread : threads) {
                thread.join();
            }

            // Then
            assertThat(callers.cached(secret)).isNull();
            assertThat(lastSeen.get() - revoked)
                    .isLessThan(Duration.ofSeconds(1).toNanos());
        }
    }

    // FAILURES 110
    @Test
    void throwsAwayALoadThatARevocationOvertook() throws Exception {
        // Given a load that takes its time, and so finds the key as it was at its start
        var made = keys.create(account, "laptop", List.of(), Optional.empty());
        var secret = made.secret().reveal();
        try (var other = store.connect()) {
            var dsl = other.dsl(Pool.JOBS);
            dsl.execute("alter table api_key rename to keys_themselves");
            dsl.execute("create view api_key as select * from keys_themselves where case when revoked_at is null"
                    + " then pg_sleep(1.2) is not null else true end");
            var load = callers.load(secret).toCompletableFuture();
            Thread.sleep(200);

            // When the key is revoked meanwhile, and this node hears of it
            other.execute(Pool.JOBS, tx -> {
                tx.execute("update installation set key_epoch = key_epoch + 1");
                tx.execute("update keys_themselves set revoked_at = now(),"
                        + " changed_epoch = (select key_epoch from installation)");
                Database.notify(tx, ApiKeys.CHANGED, "1");
            });
            Thread.sleep(500);
            assertThat(load).isNotDone();

            // Then
            assertThat(load.get(5, TimeUnit.SECONDS)).isEmpty();
            assertThat(callers.cached(secret)).isNull();
        }
    }

    @Test
    void answersAKnownKeyInAFewMicroseconds() throws Exception {
        // Given
        var secret = keys.create(account, "laptop", List.of(), Optional.empty())
                .secret()
                .reveal();
        load(callers, secret);
        for (int i = 0; i < 200_000; i++) {
            callers.cached(secret);
        }

        // When
        int calls = 200_000;
        var threads = ManagementFactory.getThreadMXBean();
        long started = threads.getCurrentThreadCpuTime();
        for (int i = 0; i < calls; i++) {
            if (callers.cached(secret) == null) {
                throw new AssertionError("forgotten");
            }
        }
        long each = (threads.getCurrentThreadCpuTime() - started) / calls;

        // Then, with room for a busy machine
        System.out.println("a known key: " + each + " ns");
        assertThat(each).isLessThan(10_000);
    }
}
