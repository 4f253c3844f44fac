package io.mixgateway.platform.credit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.mixgateway.platform.credit.LeaseStore.LeaseState;
import io.mixgateway.platform.journal.Journal;
import io.mixgateway.relay.call.AccountId;
import io.mixgateway.relay.call.Caller;
import io.mixgateway.relay.call.GenerationId;
import io.mixgateway.relay.call.KeyId;
import io.mixgateway.relay.port.Credit.Held;
import io.mixgateway.relay.port.Credit.HoldAnswer;
import io.mixgateway.relay.port.Credit.InsufficientCredits;
import io.mixgateway.relay.port.Credit.Unavailable;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever could pay is not told that the money is spent while some of it is only on its way. */
class WalletRefusalTest {
    private static final long BUDGET = 1;
    private static final long LEASED = 10;
    private static final AccountId ACCOUNT = new AccountId("acc-00000000000000000001");
    private static final Caller CALLER =
            new Caller(ACCOUNT, new KeyId("key-00000000000000000001"), "test", Optional.empty());

    @TempDir
    Path dir;

    private final InstantSource clock = InstantSource.system();
    private final long now = clock.millis();
    private Journal journal;
    private Settling settling;
    private Wallet wallet;

    @BeforeEach
    void leaseTen() {
        journal = Journal.open(dir.resolve("journal"), 1 << 20, Duration.ofMillis(5));
        var life = new NodeLife(clock, Duration.ofHours(1));
        life.begin(1);
        life.renewed(now);
        settling = new Settling(journal, clock, life, _ -> {});
        wallet = new Wallet(ACCOUNT, settling);
        wallet.learn(CALLER.key(), new Terms("", Optional.empty(), BUDGET, List.of(), Long.MAX_VALUE), now);
        wallet.adopt(Map.of(BUDGET, new LeaseState(LEASED, 1)));
    }

    @AfterEach
    void close() {
        journal.close();
    }

    @Test
    void isNotGivenUpBeforeTheCallItWasMadeForHasAsked() {
        var made = new Wallet(ACCOUNT, settling);

        assertThat(made.retireIfUnused(now, Duration.ofMinutes(1).toMillis())).isFalse();
        assertThat(made.enqueue(waiter(LEASED), 10)).isTrue();
    }

    @Test
    void waitsForWhatItHandsBackItself() {
        var back = requireNonNull(wallet.recall(BUDGET, now));
        var waiter = waiter(LEASED);
        var nothingLeft = new Taken(BUDGET, 0, LEASED, 2, LEASED, 0, 0, 0);

        assertThat(wallet.mayFitSoon(List.of(waiter), Map.of(BUDGET, nothingLeft)))
                .isTrue();
        wallet.returned(back, null);
        assertThat(answer(waiter, nothingLeft)).isInstanceOf(Held.class);
    }

    @Test
    void isNotSureWhileItHandsBack() {
        wallet.recall(BUDGET, now);
        assertThat(answer(waiter(LEASED), new Taken(BUDGET, 0, LEASED, 2, LEASED, 0, 0, 0)))
                .isInstanceOf(Unavailable.class);
    }

    @Test
    void isNotSureWhileAnotherNodeHasNotAnswered() {
        assertThat(answer(waiter(LEASED + 5), new Taken(BUDGET, 0, LEASED, 2, LEASED, 0, 5, 0)))
                .isInstanceOf(Unavailable.class);
    }

    @Test
    void isNotSureWhileASilentNodeHasSomeOfIt() {
        assertThat(answer(waiter(LEASED + 5), new Taken(BUDGET, 0, LEASED, 2, LEASED, 0, 2, 3)))
                .isInstanceOf(Unavailable.class);
    }

    @Test
    void refusesWhatEvenAllOfThatWouldNotPay() {
        assertThat(answer(waiter(LEASED + 6), new Taken(BUDGET, 0, LEASED, 2, LEASED, 0, 2, 3)))
                .isInstanceOf(InsufficientCredits.class);
    }

    private Waiter waiter(long amount) {
        var waiter = new Waiter(CALLER, GenerationId.at(clock.instant()), amount, new CompletableFuture<>());
        assertThat(wallet.enqueue(waiter, 1)).isTrue();
        return waiter;
    }

    private HoldAnswer answer(Waiter waiter, Taken taken) {
        var want = new Want(BUDGET, 1, waiter.amount(), 0);
        return wallet.serve(List.of(waiter), Map.of(BUDGET, taken), Map.of(BUDGET, want), now)
                .getFirst()
                .answer();
    }
}
