package io.mixgateway.platform.credit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mixgateway.platform.credit.LeaseStore.LeaseState;
import io.mixgateway.platform.journal.Journal;
import io.mixgateway.platform.journal.RandomGenerations;
import io.mixgateway.relay.call.AccountId;
import io.mixgateway.relay.call.Caller;
import io.mixgateway.relay.call.Generation;
import io.mixgateway.relay.call.GenerationId;
import io.mixgateway.relay.call.KeyId;
import io.mixgateway.relay.money.Nanos;
import io.mixgateway.relay.port.Credit.Held;
import io.mixgateway.relay.port.Credit.Hold;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be settled can still be released, and then is free again. */
class LeasedHoldTest {
    private static final long BUDGET = 1;
    private static final long LEASED = 10;
    private static final AccountId ACCOUNT = new AccountId("acc-00000000000000000001");
    private static final Caller CALLER =
            new Caller(ACCOUNT, new KeyId("key-00000000000000000001"), "test", Optional.empty());

    @TempDir
    Path dir;

    private final InstantSource clock = InstantSource.system();
    private final long now = clock.millis();
    private final GenerationId id = GenerationId.at(clock.instant());
    private Journal journal;
    private Wallet wallet;

    @BeforeEach
    void leaseTen() {
        journal = Journal.open(dir.resolve("journal"), 1 << 20, Duration.ofMillis(5));
        var life = new NodeLife(clock, Duration.ofHours(1));
        life.begin(1);
        life.renewed(now);
        wallet = new Wallet(ACCOUNT, new Settling(journal, clock, life, _ -> {}));
        wallet.learn(CALLER.key(), new Terms("", Optional.empty(), BUDGET, List.of(), Long.MAX_VALUE), now);
        wallet.adopt(Map.of(BUDGET, new LeaseState(LEASED, 1)));
    }

    @AfterEach
    void close() {
        journal.close();
    }

    @Test
    void isReleasedAfterAJournalThatTookNothing() {
        // Given
        var hold = hold(LEASED);
        journal.close();

        // When
        assertThatThrownBy(() -> hold.settle(ended(1))).isInstanceOf(IllegalStateException.class);

        // Then
        assertThat(wallet.tryHold(CALLER, id, 1, now)).isNull();
        hold.release();
        hold.release();
        assertThat(hold(LEASED).amount()).isEqualTo(new Nanos(LEASED));
        assertThat(owed()).isEqualTo(LEASED);
    }

    @Test
    void refusesBeforeTheJournalACostThatCannotBeCountedBesideTheOthers() {
        // Given
        var first = hold(4);
        var second = hold(6);
        first.settle(ended(Long.MAX_VALUE - 7));

        // When
        assertThatThrownBy(() -> second.settle(ended(8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0.000000008");

        // Then
        assertThat(requireNonNull(journal.next(10)).records()).hasSize(1);
        second.release();
        assertThat(owed()).isEqualTo(Long.MAX_VALUE - 7);
    }

    private Hold hold(long amount) {
        return ((Held) requireNonNull(wallet.tryHold(CALLER, id, amount, now))).hold();
    }

    private Generation ended(long cost) {
        return RandomGenerations.costing(id, ACCOUNT, CALLER.key(), new Nanos(cost), new Nanos(LEASED));
    }

    /** Held and pending, as the database would be told. */
    private long owed() {
        var into = new java.util.HashMap<Long, Long>();
        wallet.heldAfter(Map.of(BUDGET, 0L), into);
        return requireNonNull(into.get(BUDGET));
    }
}
