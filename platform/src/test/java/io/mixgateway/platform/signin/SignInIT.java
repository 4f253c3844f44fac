package io.mixgateway.platform.signin;

import static org.assertj.core.api.Assertions.assertThat;

import io.mixgateway.platform.accounts.Account;
import io.mixgateway.platform.accounts.Accounts;
import io.mixgateway.platform.accounts.Setup;
import io.mixgateway.platform.signin.SignIn.Chosen;
import io.mixgateway.platform.signin.SignIn.Result;
import io.mixgateway.platform.store.TestDatabase;
import io.mixgateway.testkit.FakeClock;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** P4, P31: who signs in, for how long, and what is kept of it. */
class SignInIT {
    private static final String PASSWORD = "four quiet rivers meet";
    private static final Client HOME = Client.of("Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0", "203.0.113.7");
    private static final Client ELSEWHERE = Client.of("curl/8", "198.51.100.9");

    private final TestDatabase store = TestDatabase.fresh();
    private final FakeClock clock = FakeClock.standing();
    private final Setup setup = new Setup(store.database(), clock);
    private final Sessions sessions = new Sessions(store.database(), clock);
    private final SignIn signIn = new SignIn(store.database(), setup, sessions, new Passwords(), clock);
    private Account account;
    private String token;

    @BeforeEach
    void choose() {
        account = new Accounts(store.database(), clock).create("Ada@Example.org", "Ada");
        token = in(signIn.choose(link(), PASSWORD, HOME));
    }

    @AfterEach
    void drop() {
        store.close();
    }

    @Test
    void whoChoosesAPasswordIsSignedInAndCanSignInWithIt() {
        assertThat(sessions.find(token, true)).hasValueSatisfying(who -> {
            assertThat(who.account()).isEqualTo(account.id());
            assertThat(who.email()).isEqualTo("Ada@Example.org");
            assertThat(who.role()).isEqualTo(Role.OWNER);
        });
        assertThat(signIn.signIn(" ada@example.ORG ", PASSWORD, ELSEWHERE)).isInstanceOf(Result.In.class);
    }

    @Test
    void aLinkIsUsedUpByOneOnlyAndNotByARefusedPassword() throws Exception {
        var link = link();
        assertThat(signIn.choose(link, "short", HOME)).isEqualTo(new Chosen.Refused(Passwords.Fault.TOO_SHORT));

        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = pool.invokeAll(Stream.<Callable<Chosen>>generate(() -> () -> signIn.choose(link, PASSWORD, HOME))
                    .limit(6)
                    .toList());
            assertThat(all)
                    .filteredOn(one -> one.resultNow() instanceof Chosen.In)
                    .hasSize(1);
        }
    }

    @Test
    void aNewPasswordByLinkEndsEverySession() {
        in(signIn.choose(link(), "another long password", HOME));

        assertThat(sessions.find(token, true)).isEmpty();
        assertThat(signIn.signIn("ada@example.org", PASSWORD, HOME)).isEqualTo(new Result.Wrong());
    }

    @Test
    void anUnknownAddressIsAnsweredAsAWrongPassword() {
        assertThat(signIn.signIn("nobody@example.org", PASSWORD, HOME)).isEqualTo(new Result.Wrong());
        assertThat(signIn.signIn("ada@example.org", "wrong wrong wrong", HOME)).isEqualTo(new Result.Wrong());
        assertThat(signIn.signIn("x".repeat(1000), PASSWORD, HOME)).isEqualTo(new Result.Wrong());
        assertThat(signIn.signIn("ada@example.org' or '1'='1", PASSWORD, HOME)).isEqualTo(new Result.Wrong());
    }

    @Test
    void aSessionEndsWithoutUse() {
        clock.advance(Sessions.IDLE.minusSeconds(1));
        token = sessions.find(token, true).orElseThrow().renewed().orElseThrow().reveal();
        clock.advance(Sessions.IDLE.minusSeconds(1));
        token = sessions.find(token, true).orElseThrow().renewed().orElseThrow().reveal();
        clock.advance(Sessions.IDLE);

        assertThat(sessions.find(token, true)).isEmpty();
    }

    @Test
    void aPageThatOnlyRefreshesItselfIsNoUse() {
        clock.advance(Sessions.IDLE.minusSeconds(1));
        assertThat(sessions.find(token, false)).isPresent();
        clock.advance(Duration.ofSeconds(1));

        assertThat(sessions.find(token, true)).isEmpty();
    }

    @Test
    void aSessionEndsAfterAWeekHoweverMuchItIsUsed() {
        for (var age = Duration.ZERO; age.compareTo(Sessions.LIFE.minusHours(1)) < 0; age = age.plusHours(1)) {
            clock.advance(Duration.ofHours(1));
            var who = sessions.find(token, true);
            assertThat(who).as("after %s", age.plusHours(1)).isPresent();
            token = who.get().renewed().orElseThrow().reveal();
        }
        clock.advance(Duration.ofHours(1));

        assertThat(sessions.find(token, true)).isEmpty();
    }

    @Test
    void aTokenIsChangedAndTheFormerOneIsTakenForMomentsOnly() {
        clock.advance(Sessions.ROTATION.plusSeconds(1));
        var renewed =
                sessions.find(token, true).orElseThrow().renewed().orElseThrow().reveal();

        assertThat(renewed).isNotEqualTo(token);
        assertThat(sessions.find(token, true))
                .hasValueSatisfying(who -> assertThat(who.renewed()).isEmpty());
        clock.advance(Sessions.GRACE);
        assertThat(sessions.find(token, true)).isEmpty();
        assertThat(sessions.find(renewed, true)).isPresent();
    }

    @Test
    void ofRequestsThatComeTogetherOneChangesTheToken() throws Exception {
        clock.advance(Sessions.ROTATION.plusSeconds(1));
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = pool.invokeAll(Stream.<Callable<SignedIn>>generate(
                            () -> () -> sessions.find(token, true).orElseThrow())
                    .limit(8)
                    .toList());
            assertThat(all)
                    .filteredOn(one -> one.resultNow().renewed().isPresent())
                    .hasSize(1);
        }
    }

    @Test
    void sessionsAreListedAndEndedOneByOneAndOnlyOnesOwn() {
        var second = in(signIn.signIn("ada@example.org", PASSWORD, ELSEWHERE));
        var me = sessions.find(token, true).orElseThrow();
        assertThat(sessions.list(me.person()))
                .extracting(OpenSession::browser, OpenSession::network)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("Firefox, Linux", "203.0.113.0/24"),
                        org.assertj.core.groups.Tuple.tuple("curl", "198.51.100.0/24"));

        var other = new Accounts(store.database(), clock).create("bob@example.org", "Bob");
        var bob = sessions.find(
                        in(signIn.choose(
                                setup.issue(other.id(), Duration.ofDays(1)).reveal(), PASSWORD, HOME)),
                        true)
                .orElseThrow();
        sessions.end(bob.person(), me.session());
        assertThat(sessions.find(token, true)).isPresent();

        sessions.endOthers(me.person(), me.session());
        assertThat(sessions.find(second, true)).isEmpty();
        assertThat(sessions.find(token, true)).isPresent();
        assertThat(sessions.list(bob.person())).hasSize(1);
    }

    @Test
    void whoGuessesIsSlowedDownAndTheOwnerIsNotLockedOut() {
        // Many guesses from many networks at one address.
        for (int i = 0; i < Throttle.PER_ADDRESS; i++) {
            assertThat(signIn.signIn("ada@example.org", "guess number " + i, from("10." + i + ".0.1")))
                    .isEqualTo(new Result.Wrong());
        }
        assertThat(signIn.signIn("ada@example.org", PASSWORD, from("10.200.0.1")))
                .isEqualTo(new Result.Slow());

        // Where the owner signed in before, they still do; and a link works anyhow.
        assertThat(signIn.signIn("ada@example.org", PASSWORD, HOME)).isInstanceOf(Result.In.class);
        assertThat(signIn.choose(link(), PASSWORD, from("10.200.0.1"))).isInstanceOf(Chosen.In.class);
    }

    @Test
    void aNetworkThatGuessesIsRefusedWhateverTheAddressUntilTheQuarterIsOver() {
        for (int i = 0; i < Throttle.PER_NETWORK; i++) {
            signIn.signIn("user" + i + "@example.org", "guess", ELSEWHERE);
        }
        assertThat(signIn.signIn("ada@example.org", PASSWORD, ELSEWHERE)).isEqualTo(new Result.Slow());
        assertThat(signIn.signIn("nobody@example.org", PASSWORD, ELSEWHERE)).isEqualTo(new Result.Slow());

        clock.advance(Duration.ofMinutes(16));
        assertThat(signIn.signIn("ada@example.org", PASSWORD, ELSEWHERE)).isInstanceOf(Result.In.class);
    }

    @Test
    void aPasswordIsChangedByWhoKnowsTheOldOne() {
        var me = sessions.find(token, true).orElseThrow();

        assertThat(signIn.change(me, "not the old one", "a new long password", HOME))
                .isEqualTo(SignIn.Change.WRONG);
        assertThat(signIn.change(me, PASSWORD, "a new long password", HOME)).isEqualTo(SignIn.Change.DONE);
        assertThat(signIn.signIn("ada@example.org", PASSWORD, HOME)).isEqualTo(new Result.Wrong());
        assertThat(signIn.signIn("ada@example.org", "a new long password", HOME))
                .isInstanceOf(Result.In.class);
    }

    @Test
    void keepsNoTokenAndNoPassword() {
        var dump = store.database()
                .dsl(io.mixgateway.platform.store.Pool.JOBS)
                .fetch("select s::text from session s union all select p::text from person p")
                .getValues(0)
                .toString();

        assertThat(dump).doesNotContain(token).doesNotContain("rivers").contains("$argon2id$");
    }

    /** Nowhere in the database: not with a session, not with what slows guessing down. */
    @Test
    void keepsOfAnAddressTheNetworkAndOfABrowserTheFamily() {
        var client = Client.of("Mozilla/5.0 (X11; Linux x86_64; rv:147.8) Gecko Firefox/147.8.3", "198.51.100.77");
        signIn.signIn("ada@example.org", "not the password", client);
        assertThat(signIn.signIn("ada@example.org", PASSWORD, client)).isInstanceOf(Result.In.class);
        assertThat(signIn.signIn("ada@example.org", PASSWORD, from("2001:db8:5:6:7:8:9:a7")))
                .isInstanceOf(Result.In.class);

        var dump = new StringBuilder();
        var dsl = store.database().dsl(io.mixgateway.platform.store.Pool.JOBS);
        for (var table : dsl.fetch("select format('%I', tablename) from pg_tables where schemaname = 'public'")
                .getValues(0, String.class)) {
            dump.append(dsl.fetch("select t::text from " + table + " t").getValues(0));
        }

        assertThat(dump)
                .contains("198.51.100.0/24", "Firefox, Linux", "2001:db8:5:0:0:0:0:0/48")
                .doesNotContain("198.51.100.77", "147.8", "x86_64", "9:a7");
    }

    private String link() {
        return setup.issue(account.id(), Duration.ofDays(1)).reveal();
    }

    private static Client from(String address) {
        return Client.of("", address);
    }

    private static String in(Chosen chosen) {
        return ((Chosen.In) chosen).token().reveal();
    }

    private static String in(Result result) {
        return ((Result.In) result).token().reveal();
    }
}
