package io.mixgateway.platform.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mixgateway.platform.keys.KeyDigests;
import io.mixgateway.platform.store.Pool;
import io.mixgateway.platform.store.TestDatabase;
import io.mixgateway.relay.call.AccountId;
import io.mixgateway.relay.catalog.Secret;
import io.mixgateway.relay.money.Nanos;
import io.mixgateway.testkit.FakeClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every kind of movement, statements, and vouchers. */
class MovementsIT {
    private final TestDatabase store = TestDatabase.fresh();
    private final FakeClock clock = FakeClock.standing();
    private final Ledger ledger = new Ledger(store.database(), clock);
    private final Statement statement = new Statement(store.database());
    private final Vouchers vouchers =
            new Vouchers(store.database(), KeyDigests.load(store.database(), Optional.empty()), clock);
    private int accounts;

    @AfterEach
    void booksAddUp() {
        try {
            assertThat(ledger.verify().violations()).isEmpty();
        } finally {
            store.close();
        }
    }

    private AccountId account() {
        var id = new AccountId(String.format(java.util.Locale.ROOT, "acc-%020d", ++accounts));
        store.database()
                .dsl(Pool.JOBS)
                .execute(
                        "insert into account (id, email, name, created_at) values (?, ?, 'test', now())",
                        id.value(),
                        id.value() + "@example.com");
        return id;
    }

    private long balance(AccountId account) {
        return ledger.balances(account).balance().value();
    }

    private Transfer move(TransferKind kind, AccountId account, long amount, String key) {
        return ledger.move(kind, account, new Nanos(amount), kind.code(), Optional.of(key));
    }

    @ParameterizedTest
    @EnumSource(
            value = TransferKind.class,
            names = {"TOP_UP", "REFUND", "CHARGEBACK", "EXPIRY", "ADJUSTMENT"})
    void aMovementIsBookedOnceForItsKey(TransferKind kind) throws Exception {
        var account = account();
        ledger.grant(account, new Nanos(1_000), "start", Optional.empty());
        var same = new ArrayList<Callable<Transfer>>();
        for (int i = 0; i < 8; i++) {
            same.add(() -> move(kind, account, 300, "k"));
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var ids = new ArrayList<Long>();
            for (var done : threads.invokeAll(same)) {
                ids.add(done.get().id());
            }
            assertThat(ids).containsOnly(ids.getFirst());
        }
        boolean adds = kind == TransferKind.TOP_UP || kind == TransferKind.ADJUSTMENT;
        assertThat(balance(account)).isEqualTo(adds ? 1_300 : 700);
        assertThatThrownBy(() -> move(kind, account, 301, "k")).isInstanceOf(LedgerRefused.class);
        assertThat(statement.newest(account, 10))
                .extracting(Statement.Row::kind)
                .containsExactly(kind.code(), "grant");
    }

    @Test
    void refundAndExpiryTakeNoMoreThanIsFreeAndAChargebackMayGoBelowZero() {
        var account = account();
        ledger.grant(account, new Nanos(1_000), "start", Optional.empty());
        store.database().dsl(Pool.JOBS).execute("insert into node (id, epoch, alive_until) values ('n', 1, now())");
        store.database()
                .dsl(Pool.JOBS)
                .execute("insert into lease (node_id, budget_id, epoch, amount) select 'n', id, 1, 400 from budget");
        store.database().dsl(Pool.JOBS).execute("update budget set leased = 400");

        assertThatThrownBy(() -> move(TransferKind.REFUND, account, 601, "r"))
                .isInstanceOf(LedgerRefused.class)
                .hasMessageContaining("0.0000006");
        assertThatThrownBy(() -> move(TransferKind.EXPIRY, account, 601, "e")).isInstanceOf(LedgerRefused.class);
        move(TransferKind.REFUND, account, 600, "r");
        assertThat(move(TransferKind.REFUND, account, 600, "r").repeated()).isTrue();
        move(TransferKind.CHARGEBACK, account, 1_000, "c");
        assertThat(balance(account)).isEqualTo(-600);
    }

    @Test
    void whereNothingIsFreeThereIsNothingToRefund() {
        var account = account();
        move(TransferKind.CHARGEBACK, account, 146, "c");

        for (TransferKind kind : List.of(TransferKind.REFUND, TransferKind.EXPIRY)) {
            assertThatThrownBy(() -> move(kind, account, 1, "k"))
                    .isInstanceOf(LedgerRefused.class)
                    .hasMessageContaining("nothing to take back")
                    .hasMessageNotContaining("at most");
        }
    }

    @Test
    void aMovementHasABoundAndSoHasWhatTheBooksCanHold() {
        var account = account();
        long most = 1_000_000_000L * Nanos.PER_UNIT;
        for (long amount : new long[] {most + 1, Long.MAX_VALUE}) {
            assertThatThrownBy(() -> ledger.grant(account, new Nanos(amount), "x", Optional.empty()))
                    .isInstanceOf(LedgerRefused.class)
                    .hasMessageContaining("at most 1000000000.00");
            assertThatThrownBy(() -> move(TransferKind.CHARGEBACK, account, amount, "c"))
                    .isInstanceOf(LedgerRefused.class);
            assertThatThrownBy(() -> vouchers.create("v", new Nanos(amount), "USD", 1, Optional.empty()))
                    .isInstanceOf(LedgerRefused.class);
        }
        for (long amount : new long[] {-most - 1, Long.MIN_VALUE}) {
            assertThatThrownBy(() -> move(TransferKind.ADJUSTMENT, account, amount, "a"))
                    .isInstanceOf(LedgerRefused.class)
                    .hasMessageContaining("at least -1000000000.00");
        }
        for (int i = 0; i < 8; i++) {
            ledger.grant(account, new Nanos(most), "x", Optional.empty());
        }

        // One account is full, and with it the operator's side of all grants.
        assertThatThrownBy(() -> move(TransferKind.TOP_UP, account, 1, "t"))
                .isInstanceOf(LedgerRefused.class)
                .hasMessageContaining("takes the account to 8000000000.000000001 USD");
        assertThatThrownBy(() -> ledger.grant(account(), new Nanos(1), "x", Optional.empty()))
                .isInstanceOf(LedgerRefused.class)
                .hasMessageContaining("more than the books can hold");
        move(TransferKind.REFUND, account, most, "back");
        assertThat(balance(account)).isEqualTo(7 * most);
    }

    @Test
    void refusesKindsAndAmountsThatMakeNoSense() {
        var account = account();
        for (TransferKind kind : List.of(TransferKind.GRANT, TransferKind.VOUCHER, TransferKind.USAGE)) {
            assertThatThrownBy(() -> move(kind, account, 1, "k")).isInstanceOf(LedgerRefused.class);
        }
        assertThatThrownBy(() -> move(TransferKind.TOP_UP, account, -1, "k")).isInstanceOf(LedgerRefused.class);
        assertThatThrownBy(() -> move(TransferKind.REFUND, account, 0, "k")).isInstanceOf(LedgerRefused.class);
        move(TransferKind.ADJUSTMENT, account, -5, "down");
        assertThat(balance(account)).isEqualTo(-5);
    }

    @Test
    void aStatementCarriesTheBalanceForwardFromAnyMoment() {
        var account = account();
        var other = account();
        ledger.grant(other, new Nanos(9), "not mine", Optional.empty());
        for (int i = 1; i <= 10; i++) {
            move(TransferKind.TOP_UP, account, i, "t" + i);
            clock.advance(Duration.ofHours(1));
        }
        var all = statement.newest(account, 100);
        assertThat(all).hasSize(10);
        assertThat(all.getFirst().balance()).isEqualTo(new Nanos(55));
        assertThat(all.getLast().balance()).isEqualTo(new Nanos(1));
        assertThat(statement.newest(account, 3)).isEqualTo(all.subList(0, 3));
        assertThat(statement.between(account, Instant.EPOCH, clock.instant())).isEqualTo(all.reversed());
        var start = all.getLast().at();
        assertThat(statement.between(account, start.plus(Duration.ofHours(2)), start.plus(Duration.ofHours(4))))
                .isEqualTo(all.reversed().subList(2, 4));
        assertThat(statement.between(account(), Instant.EPOCH, clock.instant())).isEmpty();
    }

    // FAILURES 60
    @Test
    void aVoucherIsRedeemedByOneOfManyAtOnce() throws Exception {
        var code = vouchers.create("launch", new Nanos(500), "USD", 3, Optional.empty())
                .codes()
                .getFirst()
                .reveal();
        var claims = new ArrayList<Callable<Boolean>>();
        var all = new ArrayList<AccountId>();
        for (int i = 0; i < 50; i++) {
            var account = account();
            all.add(account);
            claims.add(() -> {
                try {
                    return !vouchers.redeem(account, code).repeated();
                } catch (LedgerRefused _) {
                    return false;
                }
            });
        }
        long redeemed = 0;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var done : threads.invokeAll(claims)) {
                redeemed += done.get() ? 1 : 0;
            }
        }
        assertThat(redeemed).isEqualTo(1);
        assertThat(all.stream().mapToLong(this::balance).sum()).isEqualTo(500);
        var winner =
                all.stream().filter(account -> balance(account) > 0).findFirst().orElseThrow();
        assertThat(vouchers.redeem(winner, " " + code.toLowerCase(java.util.Locale.ROOT) + " ")
                        .repeated())
                .isTrue();
        assertThat(balance(winner)).isEqualTo(500);
        assertThat(vouchers.list()).singleElement().satisfies(batch -> {
            assertThat(batch.count()).isEqualTo(3);
            assertThat(batch.redeemed()).isEqualTo(1);
        });
    }

    @Test
    void anExpiredRevokedOrUnknownVoucherIsWorthNothing() {
        var account = account();
        var soon = vouchers.create(
                "soon", new Nanos(5), "USD", 1, Optional.of(clock.instant().plusSeconds(60)));
        var revoked = vouchers.create("revoked", new Nanos(5), "USD", 2, Optional.empty());
        vouchers.redeem(account, revoked.codes().getFirst().reveal());
        assertThat(vouchers.revoke(revoked.id())).isTrue();
        assertThat(vouchers.revoke(revoked.id())).isFalse();
        clock.advance(Duration.ofSeconds(60));

        for (Secret code : List.of(soon.codes().getFirst(), revoked.codes().get(1), new Secret("MG-AAAAAA"))) {
            assertThatThrownBy(() -> vouchers.redeem(account, code.reveal()))
                    .isInstanceOf(LedgerRefused.class)
                    .hasMessageContaining("not valid");
        }
        var euros = vouchers.create("euros", new Nanos(5), "EUR", 1, Optional.empty());
        assertThatThrownBy(
                        () -> vouchers.redeem(account, euros.codes().getFirst().reveal()))
                .isInstanceOf(LedgerRefused.class)
                .hasMessageContaining("EUR");
        assertThat(vouchers.list().stream().filter(batch -> batch.name().equals("euros")))
                .singleElement()
                .extracting(Vouchers.Summary::redeemed)
                .isEqualTo(0L);
        assertThat(balance(account)).isEqualTo(5);
    }

    @Test
    void manyAreMadeAtOnceAndNoCodeIsKept() {
        var batch = vouchers.create("bulk", new Nanos(1), "USD", 2_000, Optional.empty());
        assertThat(batch.codes().stream().map(Secret::reveal).distinct()).hasSize(2_000);
        assertThat(batch.codes().getFirst().reveal()).matches("MG(-[0-9A-Z]{6}){4}");
        var kept = store.database()
                .dsl(Pool.JOBS)
                .fetch("select to_jsonb(v)::text || encode(digest, 'escape') from voucher v limit 5")
                .map(row -> row.get(0, String.class));
        assertThat(kept)
                .allSatisfy(row ->
                        assertThat(row).doesNotContain(batch.codes().getFirst().reveal()));
        assertThatThrownBy(() -> vouchers.create("x", new Nanos(1), "USD", 10_001, Optional.empty()))
                .isInstanceOf(LedgerRefused.class);
        assertThatThrownBy(() -> vouchers.create("x", Nanos.ZERO, "USD", 1, Optional.empty()))
                .isInstanceOf(LedgerRefused.class);
    }
}
