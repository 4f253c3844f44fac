package io.mixgateway.platform.credit;

import static org.assertj.core.api.Assertions.assertThat;

import io.mixgateway.platform.journal.Journal;
import io.mixgateway.platform.journal.RandomGenerations;
import io.mixgateway.platform.ledger.Ledger;
import io.mixgateway.platform.store.Database;
import io.mixgateway.platform.store.Pool;
import io.mixgateway.platform.store.TestDatabase;
import io.mixgateway.relay.call.AccountId;
import io.mixgateway.relay.call.Caller;
import io.mixgateway.relay.call.GenerationId;
import io.mixgateway.relay.call.KeyId;
import io.mixgateway.relay.money.Nanos;
import io.mixgateway.relay.port.Credit.Hold;
import io.mixgateway.relay.port.Credit.HoldAnswer;
import io.mixgateway.relay.port.Credit.Later;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A database with accounts and keys, and the nodes that spend their money; for tests. */
final class MoneyWorld implements AutoCloseable {
    /** Quick turns, and long waits, so that a slow machine is not taken for a refusal. */
    static final CreditSettings PATIENT = new CreditSettings(
            Duration.ofMinutes(2),
            Duration.ofSeconds(30),
            Duration.ofSeconds(5),
            Duration.ofMillis(300),
            Duration.ofMillis(20),
            Duration.ofMillis(50),
            Duration.ofMillis(200),
            Duration.ofSeconds(60),
            Duration.ofSeconds(50),
            500,
            1L << 30,
            1_000);

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final TestDatabase store = TestDatabase.fresh();
    private final Path dir;
    private final List<Node> nodes = new CopyOnWriteArrayList<>();
    final Ledger ledger = new Ledger(store.database(), InstantSource.system());

    MoneyWorld(Path dir) {
        this.dir = dir;
    }

    /** One gateway's money: its own connections, journal and leases. */
    record Node(Database database, Journal journal, LeasedCredit credit) {
        void stop() {
            credit.close();
            journal.close();
            database.close();
        }
    }

    TestDatabase store() {
        return store;
    }

    Node node(String name) {
        return node(name, store.connect(), PATIENT);
    }

    Node node(String name, Database database, CreditSettings settings) {
        var journal = Journal.open(dir.resolve(name), 64 << 20, Duration.ofMillis(5));
        var node = new Node(database, journal, LeasedCredit.open(database, journal, InstantSource.system(), settings));
        nodes.add(node);
        return node;
    }

    /** A new account with {@code nanos} of credit. */
    AccountId account(long nanos) {
        var id = new AccountId("acc-" + suffix());
        sql(
                "insert into account (id, email, name, created_at) values (?, ?, 'test', now())",
                id.value(),
                id.value() + "@example.com");
        if (nanos > 0) {
            ledger.grant(id, new Nanos(nanos), "test", Optional.empty());
        }
        return id;
    }

    Caller key(AccountId account) {
        var id = new KeyId("key-" + suffix());
        sql("""
                insert into api_key (id, account_id, name, digest, last_four, created_at)
                values (?, ?, 'test', sha256(convert_to(?, 'UTF8')), 'xxxx', now())""", id.value(), account.value(), id.value());
        return new Caller(account, id, "test", Optional.empty());
    }

    void cap(Caller caller, String period, long nanos) {
        sql("""
                insert into key_cap (key_id, period, amount) values (?, ?, ?)
                on conflict (key_id, period) do update set amount = excluded.amount""", caller.key().value(), period, nanos);
    }

    void sql(String sql, Object... bindings) {
        store.database().dsl(Pool.JOBS).execute(sql, bindings);
    }

    long number(String sql, Object... bindings) {
        return store.database().dsl(Pool.JOBS).fetchSingle(sql, bindings).get(0, Long.class);
    }

    List<String> texts(String sql) {
        return store.database().dsl(Pool.JOBS).fetch(sql).map(row -> row.get(0, String.class));
    }

    /** Leaves a node out of what is stopped: the test ends it in its own way. */
    void forget(Node node) {
        nodes.remove(node);
    }

    private static String suffix() {
        return String.format(Locale.ROOT, "%020d", NUMBER.incrementAndGet());
    }

    static GenerationId id() {
        return GenerationId.at(Instant.now());
    }

    /** The final answer, waited for. */
    static HoldAnswer hold(LeasedCredit credit, Caller caller, long nanos) {
        return hold(credit, caller, id(), nanos);
    }

    static HoldAnswer hold(LeasedCredit credit, Caller caller, GenerationId id, long nanos) {
        var answer = credit.hold(caller, id, new Nanos(nanos));
        return answer instanceof Later later
                ? later.answer().toCompletableFuture().join()
                : answer;
    }

    /** Ends a call that held {@code hold} and cost {@code cost}. */
    static void settle(Hold hold, Caller caller, GenerationId id, long cost) {
        hold.settle(RandomGenerations.costing(id, caller.account(), caller.key(), new Nanos(cost), hold.amount()));
    }

    long balance(AccountId account) {
        return ledger.balances(account).balance().value();
    }

    void invariantsHold() {
        assertThat(ledger.verify().violations()).isEmpty();
    }

    /** Stops every node and looks whether anything is left that should not be. */
    void quiet() {
        nodes.forEach(Node::stop);
        nodes.clear();
        invariantsHold();
        assertThat(number("select count(*) from lease")).isZero();
        assertThat(number("select coalesce(sum(leased), 0)::bigint from budget"))
                .isZero();
    }

    @Override
    public void close() {
        nodes.forEach(Node::stop);
        store.close();
    }
}
