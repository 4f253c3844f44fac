package io.mixgateway.platform.credit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mixgateway.platform.journal.RandomGenerations;
import io.mixgateway.platform.privacy.Retention;
import io.mixgateway.platform.privacy.RetentionJob;
import io.mixgateway.platform.privacy.RetentionReport;
import io.mixgateway.platform.privacy.RetentionTimes;
import io.mixgateway.platform.signin.Sessions;
import io.mixgateway.platform.usage.KeyUsage;
import io.mixgateway.relay.call.AccountId;
import io.mixgateway.relay.call.Caller;
import io.mixgateway.relay.call.GenerationId;
import io.mixgateway.relay.money.Nanos;
import io.mixgateway.relay.port.Credit.Held;
import io.mixgateway.testkit.FakeClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** P27, must show 8: each retention rule at its edge, by a clock that is set; and the books stay provable. */
class RetentionIT {
    private static final Duration TICK = Duration.ofMillis(1);

    @TempDir
    Path dir;

    private final Instant start = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private final FakeClock clock = FakeClock.at(start);
    private MoneyWorld world;

    @BeforeEach
    void world() {
        world = new MoneyWorld(dir);
    }

    @AfterEach
    void end() {
        world.close();
    }

    @Test
    void setUpLinksGoAWeekAfterTheyWereUsedOrExpired() {
        world.sql(
                "insert into person (id, email, name, created_at) values ('usr-00000000000000000001', 'a@b', 'A', now())");
        link(1, start.minusSeconds(60), start.toString()); // used now
        link(2, start.plusSeconds(60), ""); // expires in a minute

        at(start.plus(Duration.ofDays(7)));
        assertThat(removed(Retention.USED_LINKS)).isZero();
        at(start.plus(Duration.ofDays(7)).plus(TICK));
        assertThat(removed(Retention.USED_LINKS)).isEqualTo(1);
        at(start.plusSeconds(60).plus(Duration.ofDays(7)).plus(TICK));
        assertThat(removed(Retention.USED_LINKS)).isEqualTo(1);
        assertThat(world.number("select count(*) from setup_token")).isZero();
    }

    @Test
    void deadKeysGoAfterNinetyDaysAndLivingOnesNever() {
        var account = world.account(0);
        var living = world.key(account);
        var revoked = world.key(account);
        var expired = world.key(account);
        world.cap(revoked, "day", 5);
        world.sql(
                "update api_key set revoked_at = ?::timestamptz where id = ?",
                start.toString(),
                revoked.key().value());
        world.sql(
                "update api_key set expires_at = ?::timestamptz where id = ?",
                start.plusSeconds(60).toString(),
                expired.key().value());

        at(start.plus(Duration.ofDays(90)));
        assertThat(removed(Retention.DEAD_KEYS)).isZero();
        at(start.plus(Duration.ofDays(90)).plus(TICK));
        assertThat(removed(Retention.DEAD_KEYS)).isEqualTo(1);
        at(start.plus(Duration.ofDays(9_000)));
        assertThat(removed(Retention.DEAD_KEYS)).isEqualTo(1);
        assertThat(world.texts("select id from api_key"))
                .containsExactly(living.key().value());
        assertThat(world.number("select count(*) from key_cap")).isZero();
    }

    @Test
    void sessionsGoAMonthAfterTheirEndBeItSilenceAgeOrSigningOut() {
        var account = world.account(0);
        world.sql(
                "insert into person (id, email, name, created_at) values ('usr-00000000000000000001', 'a@b', 'A', now())");
        world.sql(
                "insert into member (account_id, person_id, role, created_at) values (?, 'usr-00000000000000000001', 'owner', now())",
                account.value());
        var month = Duration.ofDays(30);
        session(account, 'i', start, ""); // idle from now on
        session(account, 'o', start.plus(Sessions.LIFE).minusSeconds(60), ""); // used to its last minute
        session(account, 's', start, start.plusSeconds(60).toString()); // signed out in a minute

        // Each is good to the last moment before its end, and then for nothing.
        assertEnds('i', start.plus(Sessions.IDLE));
        assertEnds('o', start.plus(Sessions.LIFE));

        at(start.plusSeconds(60).plus(month));
        assertThat(removed(Retention.ENDED_SESSIONS)).isZero();
        at(start.plusSeconds(60).plus(month).plus(TICK));
        assertThat(job(Duration.ofDays(400)).backlog()).isEqualTo(1);
        assertThat(removed(Retention.ENDED_SESSIONS)).isEqualTo(1);
        at(start.plus(Sessions.IDLE).plus(month));
        assertThat(removed(Retention.ENDED_SESSIONS)).isZero();
        at(start.plus(Sessions.IDLE).plus(month).plus(TICK));
        assertThat(removed(Retention.ENDED_SESSIONS)).isEqualTo(1);
        at(start.plus(Sessions.LIFE).plus(month));
        assertThat(removed(Retention.ENDED_SESSIONS)).isZero();
        at(start.plus(Sessions.LIFE).plus(month).plus(TICK));
        assertThat(job(Duration.ofDays(400)).backlog()).isEqualTo(1);
        assertThat(removed(Retention.ENDED_SESSIONS)).isEqualTo(1);
        assertThat(world.number("select count(*) from session")).isZero();
    }

    private void assertEnds(char letter, Instant end) {
        var sessions = new Sessions(world.store().database(), clock);
        at(end.minus(TICK));
        assertThat(sessions.find(token(letter), false)).isPresent();
        at(end);
        assertThat(sessions.find(token(letter), false)).isEmpty();
    }

    private static String token(char letter) {
        return String.valueOf(letter).repeat(43);
    }

    /** One that began now, was last used at {@code seen}, and was ended at {@code ended}, if that is not empty. */
    private void session(AccountId account, char letter, Instant seen, String ended) {
        world.sql(
                """
                insert into session (id, person_id, account_id, digest, rotated_at, browser, network, created_at, last_seen_at,
                  expires_at, ended_at)
                values ('ses-' || repeat(?, 20), 'usr-00000000000000000001', ?, sha256(?::bytea), ?::timestamptz, 'Firefox, Linux',
                  '192.0.2.0/24', ?::timestamptz, ?::timestamptz, ?::timestamptz, nullif(?, '')::timestamptz)""",
                String.valueOf(letter),
                account.value(),
                token(letter),
                start.toString(),
                start.toString(),
                seen.toString(),
                start.plus(Sessions.LIFE).toString(),
                ended);
    }

    @Test
    void callsGoWithTheirDayAndTheBooksStayProvable() {
        // Given: calls around a midnight, some charged by one transfer together
        var account = world.account(1_000_000);
        var caller = world.key(account);
        world.cap(caller, "total", 900_000);
        var day = LocalDate.ofInstant(start, ZoneOffset.UTC).minusDays(20);
        var midnight = day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
        world.sql("select usage_event_partition(?::date)", day.toString());
        world.sql("select usage_event_partition(?::date)", day.plusDays(1).toString());
        var node = world.node("one");
        for (int i = 0; i < 40; i++) {
            call(node, caller, midnight.plusMillis(i < 20 ? -1 - i : i - 20), 100 + i);
        }
        call(node, caller, midnight.minus(Duration.ofDays(3)), 7); // its day has no partition of its own
        node.stop();
        world.forget(node);
        world.invariantsHold();
        long spent = world.number("select spent from budget where kind = 'cap'");
        var job = job(Duration.ofDays(400));

        // When: one moment before the day's time is over
        at(midnight.plus(Duration.ofDays(400)).minus(TICK));
        assertThat(job.backlog()).isEqualTo(1);
        assertThat(usage(job.run())).isEqualTo(1);

        // Then: the call of three days before is gone, the day is there
        assertThat(world.number("select count(*) from usage_event")).isEqualTo(40);
        world.invariantsHold();

        // When: its time is over
        at(midnight.plus(Duration.ofDays(400)));
        assertThat(job.backlog()).isEqualTo(20);
        assertThat(usage(job.run())).isEqualTo(20);

        // Then
        assertThat(world.number(
                        "select count(*) from usage_event where created_at < ?::timestamptz", midnight.toString()))
                .isZero();
        assertThat(world.number("select count(*) from usage_event")).isEqualTo(20);
        assertThat(world.texts(
                        "select to_regclass('usage_event_" + day.toString().replace("-", "") + "')::text"))
                .containsOnlyNulls();
        world.invariantsHold();
        assertThat(usage(job.run())).isZero();
        assertThat(world.number("select sum(removed)::bigint from retention_run where rule = 'usage-details'"))
                .isEqualTo(21);

        // And: what was spent is remembered by sums, for the account, for the key, and for a cap that is new
        var use = KeyUsage.of(world.store().database(), account, caller.key(), start);
        assertThat(use.cost()).isEqualTo(new Nanos(spent));
        assertThat(use.calls()).isEqualTo(41);
        world.sql("delete from budget where kind = 'cap'");
        var later = world.node("two");
        call(later, caller, Instant.now(), 1);
        later.stop();
        world.forget(later);
        assertThat(world.number("select spent from budget where kind = 'cap'")).isEqualTo(spent + 1);
        world.invariantsHold();

        // And: when everything is gone, so are the notes of transfers that were gone in part
        at(start.plus(Duration.ofDays(4_000)));
        assertThat(usage(job.run())).isEqualTo(21);
        assertThat(world.number("select count(*) from usage_event")).isZero();
        assertThat(world.number("select count(*) from usage_removed_charge")).isZero();
        world.invariantsHold();
    }

    @Test
    void aCallBookedAfterItsDayWasDroppedGoesWithTheNextRun() {
        var account = world.account(1_000_000);
        var caller = world.key(account);
        var job = job(Duration.ofDays(35));
        var old = start.minus(Duration.ofDays(40));
        var node = world.node("one");
        call(node, caller, old, 10);
        node.stop();
        world.forget(node);
        assertThat(usage(job.run())).isEqualTo(1);

        var late = world.node("two");
        call(late, caller, old.plusMillis(1), 11);
        late.stop();
        world.forget(late);
        world.invariantsHold();

        assertThat(usage(job.run())).isEqualTo(1);
        world.invariantsHold();
    }

    @Test
    void eventsThatTheBooksDoNotAgreeWithAreKept() {
        var account = world.account(1_000_000);
        var node = world.node("one");
        call(node, world.key(account), start.minus(Duration.ofDays(40)), 10);
        node.stop();
        world.forget(node);
        world.sql("update usage_hourly set cost = cost - 1");

        assertThatThrownBy(() -> job(Duration.ofDays(35)).run())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("none of them is removed");
        assertThat(world.number("select count(*) from usage_event")).isEqualTo(1);
        assertThat(world.ledger.verify().ok()).isFalse();
    }

    @Test
    void whatAKeyThatIsGoneCalledIsForgottenWithItsCalls() {
        var account = world.account(1_000_000);
        var caller = world.key(account);
        var node = world.node("one");
        call(node, caller, start, 10);
        node.stop();
        world.forget(node);
        world.sql("update api_key set revoked_at = ?::timestamptz", start.toString());

        at(start.plus(Duration.ofDays(200)));
        job(Duration.ofDays(400)).run();
        assertThat(world.number("select count(*) from generation_kind")).isEqualTo(1);

        at(start.plus(Duration.ofDays(402)));
        job(Duration.ofDays(400)).run();
        assertThat(world.number("select count(*) from generation_kind")).isZero();
        world.invariantsHold();
    }

    @Test
    void timesOutsideOfTheirBoundsAreRefused() {
        assertThatThrownBy(() -> new RetentionTimes(Map.of(Retention.USAGE_DETAILS, Duration.ofDays(34))))
                .hasMessage("usage-details: 34 days (expected: 35 to 3650)");
        assertThatThrownBy(() -> new RetentionTimes(Map.of(Retention.BOOKS, Duration.ofDays(1))))
                .hasMessageContaining("is not a matter of time");
    }

    private void at(Instant instant) {
        clock.set(instant);
    }

    private RetentionJob job(Duration details) {
        return new RetentionJob(
                world.store().database(), new RetentionTimes(Map.of(Retention.USAGE_DETAILS, details)), clock);
    }

    private long removed(Retention rule) {
        return rows(job(Duration.ofDays(400)).run(), rule);
    }

    private static long usage(RetentionReport report) {
        return rows(report, Retention.USAGE_DETAILS);
    }

    private static long rows(RetentionReport report, Retention rule) {
        return report.removed().stream()
                .filter(one -> one.rule() == rule)
                .mapToLong(RetentionReport.Removed::rows)
                .sum();
    }

    private static void call(MoneyWorld.Node node, Caller caller, Instant when, long cost) {
        var id = GenerationId.at(when);
        var held = (Held) MoneyWorld.hold(node.credit(), caller, id, 1_000);
        held.hold()
                .settle(RandomGenerations.costing(
                        id, caller.account(), caller.key(), new Nanos(cost), new Nanos(1_000)));
    }

    private void link(int number, Instant expires, String used) {
        world.sql("""
                insert into setup_token (digest, person_id, created_at, expires_at, used_at)
                values (sha256(?::text::bytea), 'usr-00000000000000000001', ?::timestamptz, ?::timestamptz, nullif(?, '')::timestamptz)""", Integer.toString(number), start.minus(Duration.ofDays(7)).toString(), expires.toString(), used);
    }
}
