package io.mixgateway.platform.idempotency;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mixgateway.platform.credit.CreditSettings;
import io.mixgateway.platform.credit.LeasedCredit;
import io.mixgateway.platform.journal.Journal;
import io.mixgateway.platform.journal.RandomGenerations;
import io.mixgateway.platform.keys.KeyDigests;
import io.mixgateway.platform.store.Database;
import io.mixgateway.platform.store.Pool;
import io.mixgateway.platform.store.TestDatabase;
import io.mixgateway.platform.usage.Generations;
import io.mixgateway.relay.call.AccountId;
import io.mixgateway.relay.call.Caller;
import io.mixgateway.relay.call.Generation;
import io.mixgateway.relay.call.GenerationId;
import io.mixgateway.relay.call.KeyId;
import io.mixgateway.relay.call.Outcome;
import io.mixgateway.relay.content.RequestContent;
import io.mixgateway.relay.money.Nanos;
import io.mixgateway.relay.port.Credit.Held;
import io.mixgateway.relay.port.Credit.Later;
import io.mixgateway.relay.port.Idempotency.Claim;
import io.mixgateway.relay.port.Idempotency.First;
import io.mixgateway.relay.port.Idempotency.InFlight;
import io.mixgateway.relay.port.Idempotency.Made;
import io.mixgateway.relay.port.Idempotency.Mismatch;
import io.mixgateway.relay.port.Idempotency.Unavailable;
import io.mixgateway.testkit.FakeClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys over two nodes of one PostgreSQL. */
class IdempotencyKeysIT {
    private static final Duration KEEP = Duration.ofHours(24);
    private static final Duration LONGEST = Duration.ofMinutes(35);
    private static final String CHAT = "/v1/chat/completions";
    private static final RequestContent BODY =
            RequestContent.of("{\"model\":\"m\",\"messages\":\"a canary that nobody may keep\"}".getBytes(UTF_8));

    private final TestDatabase store = TestDatabase.fresh();
    private final FakeClock clock = FakeClock.standing();
    private final KeyDigests digests = KeyDigests.load(store.database(), Optional.empty());
    private final Caller ada = new Caller(
            new AccountId("acc-00000000000000000001"), new KeyId("key-00000000000000000001"), "ada", Optional.empty());
    private final Caller bob = new Caller(
            new AccountId("acc-00000000000000000002"), new KeyId("key-00000000000000000002"), "bob", Optional.empty());
    private Database otherDatabase;
    private IdempotencyKeys here;
    private IdempotencyKeys there;

    @TempDir
    private Path folder;

    @BeforeEach
    void twoNodes() {
        otherDatabase = store.connect();
        here = open(store.database(), "here");
        there = open(otherDatabase, "there");
    }

    @AfterEach
    void end() {
        here.close();
        there.close();
        otherDatabase.close();
        store.close();
    }

    private IdempotencyKeys open(Database database, String node) {
        return IdempotencyKeys.open(database, digests, node, clock, () -> new IdempotencyTerms(KEEP, LONGEST));
    }

    private static Claim done(CompletionStage<Claim> claim) {
        return claim.toCompletableFuture().join();
    }

    private Claim claim(IdempotencyKeys node, String key) {
        return done(node.claim(ada, key, CHAT, BODY));
    }

    /** Books a generation as a call that was settled would. */
    private void booked(GenerationId id, Outcome outcome, long cost) {
        store.database().dsl(Pool.JOBS).execute("""
                insert into account (id, email, name, created_at) values (?, 'ada@example.org', 'ada', now())
                on conflict do nothing""", ada.account().value());
        try (var database = store.connect();
                var journal = Journal.open(folder.resolve(id.value()), 1 << 20, Duration.ofMillis(5));
                var credit = LeasedCredit.open(database, journal, InstantSource.system(), CreditSettings.DEFAULTS)) {
            var answer = credit.hold(ada, id, Nanos.ZERO);
            var held = (Held)
                    (answer instanceof Later later
                            ? later.answer().toCompletableFuture().join()
                            : answer);
            held.hold().settle(generation(id, outcome, cost));
        }
        assertThat(new Generations(store.database()).find(ada.account(), id)).isPresent();
    }

    private Generation generation(GenerationId id, Outcome outcome, long cost) {
        var g = RandomGenerations.costing(id, ada.account(), ada.key(), new Nanos(cost), Nanos.ZERO);
        return new Generation(
                g.id(),
                g.createdAt(),
                g.account(),
                g.key(),
                g.modelAsked(),
                g.provider(),
                g.modelSent(),
                g.modelServed(),
                g.dialect(),
                g.streamed(),
                outcome,
                g.usage(),
                g.usageSource(),
                g.cost(),
                g.hold(),
                g.priceVersion(),
                g.latencyMillis(),
                g.firstTokenMillis(),
                g.attempts());
    }

    @Test
    void ofManyTwinsOnTwoNodesOneIsFirst() {
        var claims = new ArrayList<CompletionStage<Claim>>();
        for (int i = 0; i < 60; i++) {
            claims.add((i % 2 == 0 ? here : there).claim(ada, "one", CHAT, BODY));
        }
        var answers = claims.stream().map(IdempotencyKeysIT::done).toList();
        assertThat(answers).filteredOn(First.class::isInstance).hasSize(1);
        assertThat(answers).filteredOn(InFlight.class::isInstance).hasSize(59);
    }

    @Test
    void anotherBodyOrPathIsAMismatchAndAnotherAccountsCallIsAnother() {
        assertThat(claim(here, "k")).isInstanceOf(First.class);
        assertThat(done(there.claim(ada, "k", CHAT, RequestContent.of("{}".getBytes(UTF_8)))))
                .isInstanceOf(Mismatch.class);
        assertThat(done(there.claim(ada, "k", "/v1/embeddings", BODY))).isInstanceOf(Mismatch.class);
        assertThat(done(there.claim(bob, "k", CHAT, BODY))).isInstanceOf(First.class);
        assertThat(claim(there, "k")).isInstanceOf(InFlight.class);
    }

    @Test
    void aChargedCallStandsOnEveryNodeUntilItsKeyExpires() {
        var first = (First) claim(here, "k");
        booked(first.generation(), Outcome.COMPLETED, 700);
        assertThat(claim(there, "k")).isEqualTo(new Made(first.generation(), Outcome.COMPLETED, new Nanos(700)));

        clock.advance(KEEP.minusSeconds(1));
        assertThat(claim(here, "k")).isInstanceOf(Made.class);
        clock.advance(Duration.ofSeconds(1));
        assertThat(done(there.claim(ada, "k", CHAT, RequestContent.of("{\"other\":1}".getBytes(UTF_8)))))
                .isInstanceOf(First.class);
    }

    @Test
    void aFreeCallThatWasDeliveredStandsToo() {
        var first = (First) claim(here, "k");
        booked(first.generation(), Outcome.COMPLETED, 0);
        assertThat(claim(there, "k")).isInstanceOf(Made.class);
    }

    @Test
    void whatFailedWithoutChargeMayBeMadeAgainByOne() {
        var first = (First) claim(here, "k");
        booked(first.generation(), Outcome.UPSTREAM_ERROR, 0);

        assertThat(done(there.claim(ada, "k", CHAT, RequestContent.of("{}".getBytes(UTF_8)))))
                .isInstanceOf(Mismatch.class);
        var again = new ArrayList<CompletionStage<Claim>>();
        for (int i = 0; i < 20; i++) {
            again.add((i % 2 == 0 ? here : there).claim(ada, "k", CHAT, BODY));
        }
        var answers = again.stream().map(IdempotencyKeysIT::done).toList();
        assertThat(answers)
                .filteredOn(First.class::isInstance)
                .singleElement()
                .satisfies(second -> assertThat(((First) second).generation()).isNotEqualTo(first.generation()));
        assertThat(answers).filteredOn(InFlight.class::isInstance).hasSize(19);
    }

    @Test
    void aReleasedKeyIsFree() {
        var first = (First) claim(here, "k");
        first.release().run();
        Awaitility.await().until(() -> number("select count(*) from idempotency_key") == 0);
        var second = (First) claim(there, "k");
        // A release that comes late takes nothing from who has the key now.
        first.release().run();
        here.close();
        assertThat(number("select count(*) from idempotency_key")).isEqualTo(1);
        assertThat(second.generation()).isNotEqualTo(first.generation());
    }

    @Test
    void aCallThatDiedWithItsProcessMayBeMadeAgainOnceItsNodeIsBack() {
        assertThat(claim(here, "k")).isInstanceOf(First.class);
        assertThat(claim(there, "k")).isInstanceOf(InFlight.class);
        // The same node starts again: its journal was booked before, and the call is not in it.
        here.close();
        here = open(store.database(), "here");
        assertThat(claim(there, "k")).isInstanceOf(First.class);
        assertThat(claim(here, "k")).isInstanceOf(InFlight.class);
    }

    @Test
    void aCallWhoseNodeNeverReturnsMayBeMadeAgainAfterTheLongestCall() {
        assertThat(claim(here, "k")).isInstanceOf(First.class);
        clock.advance(LONGEST.minusSeconds(1));
        assertThat(claim(there, "k")).isInstanceOf(InFlight.class);
        clock.advance(Duration.ofSeconds(1));
        assertThat(claim(there, "k")).isInstanceOf(First.class);
    }

    @Test
    void expiredKeysAreRemoved() {
        for (int i = 0; i < 50; i++) {
            claim(here, "old " + i);
        }
        clock.advance(KEEP);
        claim(here, "new");
        assertThat(here.clean()).isEqualTo(50);
        assertThat(number("select count(*) from idempotency_key")).isEqualTo(1);
    }

    @Test
    void neitherKeyNorBodyIsKept() {
        claim(here, "order-of-ada@example.org");
        var row = store.database()
                .dsl(Pool.JOBS)
                .fetchSingle("select to_jsonb(k)::text, encode(digest, 'escape') || encode(request_digest, 'escape')"
                        + " from idempotency_key k");
        assertThat(row.get(0, String.class) + row.get(1, String.class))
                .doesNotContain("ada@example.org", "canary", "messages");
    }

    @Test
    void withoutTheStoreNobodyIsFirst() {
        otherDatabase.close();
        assertThat(claim(there, "k")).isInstanceOf(Unavailable.class);
    }

    private long number(String sql) {
        return store.database().dsl(Pool.JOBS).fetchSingle(sql).get(0, Long.class);
    }
}
