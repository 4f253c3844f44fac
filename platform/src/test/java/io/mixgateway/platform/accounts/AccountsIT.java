package io.mixgateway.platform.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mixgateway.platform.ChangeRefused;
import io.mixgateway.platform.store.TestDatabase;
import io.mixgateway.relay.call.AccountId;
import io.mixgateway.testkit.FakeClock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AccountsIT {
    private final TestDatabase store = TestDatabase.fresh();
    private final FakeClock clock = FakeClock.standing();
    private final Accounts accounts = new Accounts(store.database(), clock);
    private final Setup setup = new Setup(store.database(), clock);

    @AfterEach
    void drop() {
        store.close();
    }

    @Test
    void keepsAnAccount() {
        // When
        var made = accounts.create(" Ada@Example.org ", "Ada");

        // Then
        assertThat(made.id().value()).matches("acc-[0-9a-z]{20}");
        assertThat(made.email()).isEqualTo("Ada@Example.org");
        assertThat(made.currency()).isEqualTo("USD");
        assertThat(made.status()).isEqualTo(Account.Status.ACTIVE);
        assertThat(made.createdAt()).isEqualTo(clock.instant());
        assertThat(accounts.find(made.id())).contains(made);
        assertThat(accounts.find(new AccountId("acc-none"))).isEmpty();
    }

    @Test
    void givesAnAddressToOneAccountOnlyHoweverItIsCased() {
        // Given
        accounts.create("ada@example.org", "Ada");

        // Then
        assertThatThrownBy(() -> accounts.create("ADA@Example.ORG", "Other"))
                .isInstanceOf(ChangeRefused.class)
                .hasMessageContaining("has an account already");
        assertThat(accounts.list(Optional.empty())).hasSize(1);
    }

    @Test
    void refusesWhatIsNoAddress() {
        for (String email : List.of("", "ada", "a@", "@b", "a b@c", "a\u0000@b", "x".repeat(250) + "@b.cd")) {
            assertThatThrownBy(() -> accounts.create(email, "Ada")).as(email).isInstanceOf(ChangeRefused.class);
        }
    }

    @Test
    void listsInTheOrderOfMakingAndGoesOnWhereItStopped() {
        // Given
        var made = Stream.of("a@x.org", "b@x.org", "c@x.org")
                .map(email -> {
                    clock.advance(Duration.ofSeconds(1));
                    return accounts.create(email, "");
                })
                .toList();

        // Then
        assertThat(accounts.list(Optional.empty())).isEqualTo(made);
        assertThat(accounts.list(Optional.of(made.getFirst().id()))).isEqualTo(made.subList(1, 3));
    }

    @Test
    void agreesOnOneOwnerWhenNodesStartTogether() throws Exception {
        // Given
        assertThat(accounts.owner()).isEmpty();
        Callable<Account> start = () -> accounts.createOwner("owner@example.org", "Owner");

        // When
        List<Account> owners;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            owners = threads.invokeAll(List.of(start, start, start)).stream()
                    .map(future -> future.resultNow())
                    .distinct()
                    .toList();
        }

        // Then
        assertThat(owners).hasSize(1);
        assertThat(accounts.owner()).contains(owners.getFirst());
        assertThat(accounts.list(Optional.empty())).hasSize(1);
    }

    @Test
    void letsASetUpLinkWorkOnce() throws Exception {
        // Given
        var account = accounts.create("ada@example.org", "Ada");
        var token = setup.issue(account.id(), Duration.ofHours(1));
        assertThat(setup.look(token.reveal())).isPresent();

        // When
        long worked;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Optional<PersonId>> use = () -> setup.consume(token.reveal());
            worked = threads.invokeAll(List.of(use, use, use, use)).stream()
                    .filter(future -> future.resultNow().isPresent())
                    .count();
        }

        // Then
        assertThat(worked).isEqualTo(1);
        assertThat(setup.look(token.reveal())).isEmpty();
    }

    @Test
    void endsASetUpLinkInTimeAndByTheNextOne() {
        // Given
        var account = accounts.create("ada@example.org", "Ada");
        var first = setup.issue(account.id(), Duration.ofHours(1));
        var second = setup.issue(account.id(), Duration.ofHours(1));

        // Then
        assertThat(setup.consume(first.reveal())).isEmpty();
        assertThat(setup.look(second.reveal())).isPresent();

        // When
        clock.advance(Duration.ofHours(1));

        // Then
        assertThat(setup.consume(second.reveal())).isEmpty();
        assertThat(setup.consume("' OR '1'='1")).isEmpty();
        assertThatThrownBy(() -> setup.issue(new AccountId("acc-none"), Duration.ofHours(1)))
                .isInstanceOf(ChangeRefused.class);
    }
}
