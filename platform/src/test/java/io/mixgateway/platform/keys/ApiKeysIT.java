package io.mixgateway.platform.keys;

import static io.mixgateway.platform.db.Tables.API_KEY;
import static io.mixgateway.platform.db.Tables.INSTALLATION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mixgateway.platform.ChangeRefused;
import io.mixgateway.platform.accounts.Accounts;
import io.mixgateway.platform.store.Pool;
import io.mixgateway.platform.store.StartRefused;
import io.mixgateway.platform.store.TestDatabase;
import io.mixgateway.relay.call.AccountId;
import io.mixgateway.relay.call.KeyId;
import io.mixgateway.relay.catalog.Secret;
import io.mixgateway.relay.money.Nanos;
import io.mixgateway.testkit.FakeClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ApiKeysIT {
    private final TestDatabase store = TestDatabase.fresh();
    private final FakeClock clock = FakeClock.standing();
    private final ApiKeys keys =
            new ApiKeys(store.database(), KeyDigests.load(store.database(), Optional.empty()), clock);
    private final AccountId account = new Accounts(store.database(), clock)
            .create("ada@example.org", "Ada")
            .id();

    @AfterEach
    void drop() {
        store.close();
    }

    @Test
    void showsTheSecretOnceAndKeepsOnlyADigest() {
        // Given
        var caps =
                List.of(new Cap(Nanos.parse("5.00"), Cap.Period.DAY), new Cap(Nanos.parse("50.00"), Cap.Period.TOTAL));
        var expires = clock.instant().plus(Duration.ofDays(1));

        // When
        var made = keys.create(account, "laptop", caps, Optional.of(expires));

        // Then
        assertThat(keys.list(account)).containsExactly(made.key());
        assertThat(keys.find(made.key().id())).contains(made.key());
        assertThat(made.key().caps()).containsExactlyInAnyOrderElementsOf(caps);
        assertThat(made.secret().reveal()).endsWith(made.key().lastFour());
        assertThat(made.toString()).doesNotContain(made.secret().reveal());
        var row = store.database().dsl(Pool.JOBS).selectFrom(API_KEY).fetchSingle();
        assertThat(row.toString()).doesNotContain(made.secret().reveal());
        assertThat(new String(row.getDigest(), StandardCharsets.ISO_8859_1))
                .doesNotContain(made.secret().reveal());
    }

    @Test
    void revokesOnce() {
        // Given
        var made = keys.create(account, "laptop", List.of(), Optional.empty()).key();

        // Then
        assertThat(keys.revoke(made.id())).isTrue();
        assertThat(keys.revoke(made.id())).isFalse();
        assertThat(keys.revoke(new KeyId("' OR '1'='1"))).isFalse();
        assertThat(keys.find(made.id()).orElseThrow().revokedAt()).contains(clock.instant());
    }

    @Test
    void refusesWhatMakesNoSense() {
        var cap = new Cap(Nanos.parse("1.00"), Cap.Period.DAY);
        assertThatThrownBy(() -> keys.create(new AccountId("acc-none"), "x", List.of(), Optional.empty()))
                .isInstanceOf(ChangeRefused.class)
                .hasMessageContaining("acc-none does not exist");
        assertThatThrownBy(() -> keys.create(account, " ", List.of(), Optional.empty()))
                .isInstanceOf(ChangeRefused.class);
        assertThatThrownBy(() -> keys.create(account, "x", List.of(cap, cap), Optional.empty()))
                .isInstanceOf(ChangeRefused.class)
                .hasMessageContaining("two caps per day");
        assertThatThrownBy(() -> keys.create(account, "x", List.of(), Optional.of(clock.instant())))
                .isInstanceOf(ChangeRefused.class);
        assertThatThrownBy(() -> new Cap(Nanos.parse("-1"), Cap.Period.DAY)).isInstanceOf(ChangeRefused.class);
        assertThatThrownBy(() -> Cap.Period.of("year")).isInstanceOf(ChangeRefused.class);
        assertThat(keys.list(account)).isEmpty();
    }

    @Test
    void startsOnlyWithTheMasterKeyThatTheKeysWereMadeWith() {
        // Given
        var right = Optional.of(new Secret("a master key of more than 32 letters"));
        var wrong = Optional.of(new Secret("another master key of more than 32 letters"));
        var plain = KeyDigests.load(store.database(), Optional.empty());

        // When
        var mastered = KeyDigests.load(store.database(), right);

        // Then
        assertThat(mastered.digestOf("x")).isNotEqualTo(plain.digestOf("x"));
        assertThat(KeyDigests.load(store.database(), right).digestOf("x")).isEqualTo(mastered.digestOf("x"));
        for (var other : List.of(wrong, Optional.<Secret>empty(), Optional.of(new Secret("short")))) {
            assertThatThrownBy(() -> KeyDigests.load(store.database(), other)).isInstanceOf(StartRefused.class);
        }

        // When keys were made without one
        store.database()
                .dsl(Pool.JOBS)
                .update(INSTALLATION)
                .setNull(INSTALLATION.MASTER_KEY_CHECK)
                .execute();
        keys.create(account, "laptop", List.of(), Optional.empty());

        // Then
        assertThatThrownBy(() -> KeyDigests.load(store.database(), right)).isInstanceOf(StartRefused.class);
    }
}
