package io.mixgateway.platform.credit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mixgateway.platform.ledger.Entry;
import io.mixgateway.platform.ledger.LedgerAccount;
import io.mixgateway.platform.ledger.LedgerRefused;
import io.mixgateway.platform.ledger.Posting;
import io.mixgateway.platform.ledger.TransferKind;
import io.mixgateway.relay.call.AccountId;
import io.mixgateway.relay.meter.UsageClass;
import io.mixgateway.relay.money.Nanos;
import io.mixgateway.relay.money.Tariff;
import io.mixgateway.relay.port.Credit.Held;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LedgerIT {
    @TempDir
    Path dir;

    private MoneyWorld world;

    @BeforeEach
    void begin() {
        world = new MoneyWorld(dir);
    }

    @AfterEach
    void end() {
        world.close();
    }

    @Test
    void grantsOnceForOneIdempotencyKey() throws Exception {
        var account = world.account(0);
        var key = Optional.of("first month");
        try (var threads = Executors.newFixedThreadPool(8)) {
            var grants = new ArrayList<Future<Long>>();
            for (int i = 0; i < 8; i++) {
                grants.add(threads.submit(() -> world.ledger
                        .grant(account, new Nanos(500), "hello", key)
                        .id()));
            }
            long first = grants.getFirst().get();
            for (var grant : grants) {
                assertThat(grant.get()).isEqualTo(first);
            }
        }
        assertThat(world.balance(account)).isEqualTo(500);
        assertThat(world.ledger.grant(account, new Nanos(500), "hello", key).repeated())
                .isTrue();
        assertThatThrownBy(() -> world.ledger.grant(account, new Nanos(501), "hello", key))
                .isInstanceOf(LedgerRefused.class)
                .hasMessageContaining("already used");
        assertThatThrownBy(() -> world.ledger.grant(world.account(0), new Nanos(500), "hello", key))
                .isInstanceOf(LedgerRefused.class);
        world.invariantsHold();
    }

    @Test
    void refusesWhatMakesNoSense() {
        var account = world.account(0);
        var stranger = new AccountId("acc-99999999999999999999");
        assertThatThrownBy(() -> world.ledger.grant(account, Nanos.ZERO, "x", Optional.empty()))
                .isInstanceOf(LedgerRefused.class);
        assertThatThrownBy(() -> world.ledger.grant(stranger, new Nanos(1), "x", Optional.empty()))
                .isInstanceOf(LedgerRefused.class)
                .hasMessageContaining("an account that exists");
        assertThatThrownBy(() -> world.ledger.balances(stranger)).isInstanceOf(LedgerRefused.class);
        assertThatThrownBy(() -> world.ledger.post(entry(TransferKind.USAGE, account, "USD", 1)))
                .isInstanceOf(LedgerRefused.class);
        assertThatThrownBy(() -> world.ledger.post(entry(TransferKind.TOP_UP, account, "EUR", 1)))
                .isInstanceOf(LedgerRefused.class)
                .hasMessageContaining("USD");
        assertThat(world.number("select count(*) from transfer")).isZero();
    }

    @Test
    void anUnbalancedEntryCannotBeMade() {
        var credit = LedgerAccount.credit(new AccountId("acc-1"), "USD");
        var other = LedgerAccount.credit(new AccountId("acc-2"), "USD");
        var euros = LedgerAccount.credit(new AccountId("acc-2"), "EUR");
        assertThatThrownBy(() -> entry(new Posting(credit, new Nanos(5)), new Posting(other, new Nanos(-4))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> entry(new Posting(credit, new Nanos(5)), new Posting(credit, new Nanos(-5))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> entry(new Posting(credit, new Nanos(5)), new Posting(euros, new Nanos(-5))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(this::entry).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Posting(credit, Nanos.ZERO)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update transfer set description = 'other'",
                "delete from transfer",
                "update posting set amount = amount + 1",
                "delete from posting",
                "truncate posting",
                "insert into posting select id, (select max(id) + 1 from ledger_account), 5 from transfer",
            })
    void theDatabaseItselfRefusesChangesAndImbalance(String sql) {
        world.account(1_000);
        assertThatThrownBy(() -> world.sql(sql)).isInstanceOf(DataAccessException.class);
        world.invariantsHold();
    }

    @Test
    void theDatabaseRefusesPostingsThatDoNotSumToZero() {
        world.account(1_000);
        world.sql("insert into ledger_account (owner, code, currency) values ('operator', 'other', 'USD')");
        assertThatThrownBy(() -> world.sql("""
                        insert into posting (transfer_id, ledger_account_id, amount)
                        select t.id, a.id, 5 from transfer t, ledger_account a where a.code = 'other'"""))
                .isInstanceOf(DataAccessException.class)
                .hasMessageContaining("do not sum to zero");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update ledger_account set balance = balance + 1 where code = 'credit'",
                "update budget set granted = granted + 1 where kind = 'credit'",
                "update budget set spent = spent + 1 where kind = 'credit'",
                "update budget set spent = spent + 1 where kind = 'cap'",
                "update budget set leased = leased + 1",
                "update usage_event set cost = cost + 1",
                "delete from usage_event",
                "update usage_hourly set cost = cost - 1",
                "update usage_hourly set calls = calls + 1",
                "update usage_hourly set input = input + 1",
                "update usage_daily set cost = cost - 1",
                "update usage_daily set latency_ms = latency_ms + 1",
                "update usage_daily set day = day - interval '1 day'",
                "delete from usage_daily",
                "update usage_event set transfer_id = transfer_id + 1",
                "update usage_event set kind_id = kind_id + 1",
                "insert into usage_event select (jsonb_populate_record(e, '{\"budget_id\": 2, \"cost\": 0, \"transfer_id\": null}')).* from usage_event e",
                "insert into usage_rejected (id, account_id, cost, record, reason) values ('gen', 'acc', 1, '', 'x')",
                "insert into transfer (idempotency_key, kind, description, created_at) values ('x', 'grant', '', now())",
            })
    void verifyFindsEveryPlantedMistake(String mistake) {
        var account = world.account(1_000);
        var caller = world.key(account);
        world.cap(caller, "total", 900);
        var node = world.node("one");
        var id = MoneyWorld.id();
        MoneyWorld.settle(((Held) MoneyWorld.hold(node.credit(), caller, id, 100)).hold(), caller, id, 70);
        world.quiet();
        world.sql(mistake);
        assertThat(world.ledger.verify().ok()).isFalse();
        assertThat(world.ledger.verify().violations()).isNotEmpty();
    }

    // FAILURES 50: many tiny charges come to exactly the sum of the exact fractions, each rounded once.
    @Test
    void sumsManyTinyChargesExactly() {
        var account = world.account(1_000_000_000_000L);
        var caller = world.key(account);
        var node = world.node("one");
        var price = Tariff.of(Map.of(
                        UsageClass.INPUT, 333_333L, UsageClass.CACHE_READ, 77_777L, UsageClass.OUTPUT, 1_999_999L))
                .as("tiny");
        var random = new Random(50);
        var exact = BigInteger.ZERO;
        for (int i = 0; i < 5_000; i++) {
            var usage = new io.mixgateway.relay.meter.Usage(
                    random.nextInt(9), random.nextInt(5), 0, 0, random.nextInt(7), 0, 0, 0, 0, 0, -1);
            long millionths = usage.input() * 333_333 + usage.cacheRead() * 77_777 + usage.output() * 1_999_999;
            exact = exact.add(BigInteger.valueOf(2 * millionths + 1_000_000).divide(BigInteger.valueOf(2_000_000)));
            var id = MoneyWorld.id();
            var cost = price.cost(usage).value();
            MoneyWorld.settle(((Held) MoneyWorld.hold(node.credit(), caller, id, cost)).hold(), caller, id, cost);
        }
        world.quiet();
        assertThat(1_000_000_000_000L - world.balance(account)).isEqualTo(exact.longValueExact());
    }

    private static Entry entry(TransferKind kind, AccountId account, String currency, long amount) {
        return Entry.of(kind, account, currency, new Nanos(amount), "key", "test", Instant.EPOCH);
    }

    private Entry entry(Posting... postings) {
        return new Entry(TransferKind.ADJUSTMENT, "key", "test", Instant.EPOCH, List.of(postings));
    }
}
