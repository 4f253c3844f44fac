package io.mixgateway.platform.signin;

import static io.mixgateway.platform.db.Tables.PERSON;
import static io.mixgateway.platform.db.Tables.SESSION;
import static org.jooq.impl.DSL.lower;

import io.mixgateway.platform.accounts.PersonId;
import io.mixgateway.platform.accounts.Setup;
import io.mixgateway.platform.store.Database;
import io.mixgateway.platform.store.Pool;
import io.mixgateway.relay.call.KeyId;
import io.mixgateway.relay.catalog.Secret;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How a person comes in: by e-mail address and password, or, to choose one, by a set-up link. What is answered, and how
 * long it takes, is the same for an address that is known and one that is not.
 */
public final class SignIn {
    private static final int LONGEST_EMAIL = 254;

    private final Database database;
    private final Setup setup;
    private final Sessions sessions;
    private final Passwords passwords;
    private final Throttle throttle;

    public SignIn(Database database, Setup setup, Sessions sessions, Passwords passwords, InstantSource clock) {
        this.database = database;
        this.setup = setup;
        this.sessions = sessions;
        this.passwords = passwords;
        this.throttle = new Throttle(clock);
    }

    /** What became of an attempt. */
    public sealed interface Result {
        /** Signed in; the token is the new session's. */
        record In(Secret token) implements Result {}

        /** The address or the password is wrong. Which of them is not told. */
        record Wrong() implements Result {}

        /** Too many attempts; nothing was compared. */
        record Slow() implements Result {}
    }

    /** What became of choosing a password. */
    public sealed interface Chosen {
        /** Chosen, and signed in. All other sessions of the person have ended; these keys of theirs are to be revoked. */
        record In(Secret token, List<KeyId> orphans) implements Chosen {}

        /** The password may not be used; the link still works. */
        record Refused(Passwords.Fault fault) implements Chosen {}

        /** The link does not work. */
        record Gone() implements Chosen {}
    }

    /**
     * Signs in.
     *
     * @throws io.mixgateway.platform.ChangeRefused when too many sign in at once
     */
    public Result signIn(String email, String password, Client client) {
        var address = email.strip().toLowerCase(Locale.ROOT);
        if (address.length() > LONGEST_EMAIL) {
            return new Result.Wrong();
        }
        if (!throttle.allows(address, client.network(), network -> wasHere(address, network))) {
            return new Result.Slow();
        }
        var person = database.dsl(Pool.PAGES)
                .select(PERSON.ID, PERSON.PASSWORD_HASH)
                .from(PERSON)
                .where(lower(PERSON.EMAIL).eq(address))
                .fetchOptional();
        var hash = person.flatMap(row -> Optional.ofNullable(row.value2()));
        if (!passwords.fits(password, hash)) {
            throttle.failed(address, client.network());
            return new Result.Wrong();
        }
        var token = sessions.begin(new PersonId(person.orElseThrow().value1()), client);
        if (token.isEmpty()) {
            return new Result.Wrong();
        }
        throttle.succeeded(client.network());
        return new Result.In(token.get());
    }

    private boolean wasHere(String email, String network) {
        return database.dsl(Pool.PAGES)
                .fetchExists(
                        SESSION.join(PERSON).on(PERSON.ID.eq(SESSION.PERSON_ID)),
                        lower(PERSON.EMAIL).eq(email).and(SESSION.NETWORK.eq(network)));
    }

    /** The address of whom a set-up link belongs to; empty when it does not work. Does not use it up. */
    public Optional<String> whose(String token) {
        return setup.look(token).flatMap(this::emailOf);
    }

    /**
     * Chooses a password by a set-up link, which is used up then.
     *
     * @throws io.mixgateway.platform.ChangeRefused when too many do at once
     */
    public Chosen choose(String token, String password, Client client) {
        var email = whose(token);
        if (email.isEmpty()) {
            return new Chosen.Gone();
        }
        var fault = passwords.fault(password, email.get());
        if (fault.isPresent()) {
            return new Chosen.Refused(fault.get());
        }
        var hash = passwords.hash(password);
        var person = setup.consume(token);
        if (person.isEmpty()) {
            return new Chosen.Gone();
        }
        database.dsl(Pool.PAGES)
                .update(PERSON)
                .set(PERSON.PASSWORD_HASH, hash)
                .where(PERSON.ID.eq(person.get().value()))
                .execute();
        var orphans = sessions.endAll(person.get());
        return sessions.begin(person.get(), client)
                .<Chosen>map(session -> new Chosen.In(session, orphans))
                .orElseGet(Chosen.Gone::new);
    }

    /** What became of changing a password. */
    public enum Change {
        DONE,
        WRONG,
        SLOW
    }

    /**
     * Changes the password of somebody who is signed in and knows the old one.
     *
     * @param password checked by {@link #fault} before
     */
    public Change change(SignedIn who, String old, String password, Client client) {
        var address = who.email().toLowerCase(Locale.ROOT);
        if (!throttle.allows(address, client.network(), network -> wasHere(address, network))) {
            return Change.SLOW;
        }
        var hash = database.dsl(Pool.PAGES)
                .select(PERSON.PASSWORD_HASH)
                .from(PERSON)
                .where(PERSON.ID.eq(who.person().value()))
                .fetchOptional(PERSON.PASSWORD_HASH);
        if (!passwords.fits(old, hash)) {
            throttle.failed(address, client.network());
            return Change.WRONG;
        }
        database.dsl(Pool.PAGES)
                .update(PERSON)
                .set(PERSON.PASSWORD_HASH, passwords.hash(password))
                .where(PERSON.ID.eq(who.person().value()))
                .execute();
        return Change.DONE;
    }

    /** What is wrong with a password that somebody wants to have. */
    public Optional<Passwords.Fault> fault(String password, String email) {
        return passwords.fault(password, email);
    }

    private Optional<String> emailOf(PersonId person) {
        return database.dsl(Pool.PAGES)
                .select(PERSON.EMAIL)
                .from(PERSON)
                .where(PERSON.ID.eq(person.value()))
                .fetchOptional(PERSON.EMAIL);
    }
}
