package io.mixgateway.platform.signin;

import static io.mixgateway.platform.db.Tables.MEMBER;
import static io.mixgateway.platform.db.Tables.PERSON;
import static io.mixgateway.platform.db.Tables.SESSION;

import io.mixgateway.platform.accounts.PersonId;
import io.mixgateway.platform.store.Database;
import io.mixgateway.platform.store.Pool;
import io.mixgateway.platform.store.RandomText;
import io.mixgateway.relay.call.AccountId;
import io.mixgateway.relay.call.KeyId;
import io.mixgateway.relay.catalog.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Record;

/**
 * Who is signed in. A session ends after {@link #IDLE} without use and after {@link #LIFE} whatever its use; its token
 * changes every {@link #ROTATION}, and only a digest of it is kept. Blocking.
 */
public final class Sessions {
    /** The longest silence. */
    public static final Duration IDLE = Duration.ofHours(12);

    /** From sign-in to the end, however much it is used. */
    public static final Duration LIFE = Duration.ofDays(7);

    /** How long one token lasts. */
    public static final Duration ROTATION = Duration.ofMinutes(15);

    /** How long the token before it is still taken: pages that load at once carry the same cookie. */
    static final Duration GRACE = Duration.ofSeconds(30);

    /** The most a person may have; the oldest ends when another begins. */
    static final int MOST = 20;

    private static final Duration SEEN_EVERY = Duration.ofMinutes(1);
    private static final int TOKEN_LENGTH = 43;

    private final Database database;
    private final Clock clock;

    public Sessions(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** Begins a session of {@code person} in the first account they belong to; empty when they belong to none. */
    Optional<Secret> begin(PersonId person, Client client) {
        var token = RandomText.base62(TOKEN_LENGTH);
        var now = OffsetDateTime.now(clock);
        return database.transact(Pool.PAGES, tx -> {
            var account = tx.select(MEMBER.ACCOUNT_ID)
                    .from(MEMBER)
                    .where(MEMBER.PERSON_ID.eq(person.value()))
                    .orderBy(MEMBER.CREATED_AT, MEMBER.ACCOUNT_ID)
                    .limit(1)
                    .fetchOptional(MEMBER.ACCOUNT_ID);
            if (account.isEmpty()) {
                return Optional.<Secret>empty();
            }
            endOldest(tx, person, now);
            tx.insertInto(SESSION)
                    .set(SESSION.ID, RandomText.id("ses"))
                    .set(SESSION.PERSON_ID, person.value())
                    .set(SESSION.ACCOUNT_ID, account.get())
                    .set(SESSION.DIGEST, digest(token))
                    .set(SESSION.ROTATED_AT, now)
                    .set(SESSION.BROWSER, client.browser())
                    .set(SESSION.NETWORK, client.network())
                    .set(SESSION.CREATED_AT, now)
                    .set(SESSION.LAST_SEEN_AT, now)
                    .set(SESSION.EXPIRES_AT, now.plus(LIFE))
                    .execute();
            return Optional.of(new Secret(token));
        });
    }

    private static void endOldest(DSLContext tx, PersonId person, OffsetDateTime now) {
        var surplus = tx.select(SESSION.ID)
                .from(SESSION)
                .where(SESSION.PERSON_ID.eq(person.value()))
                .and(SESSION.ENDED_AT.isNull())
                .orderBy(SESSION.LAST_SEEN_AT.desc())
                .offset(MOST - 1)
                .fetch(SESSION.ID);
        tx.update(SESSION)
                .set(SESSION.ENDED_AT, now)
                .where(SESSION.ID.in(surplus))
                .execute();
    }

    /**
     * Who that token belongs to; empty when its session has ended or there is none.
     *
     * @param mayRenew whether this is a sign of life, whose answer can carry a new token to the browser
     */
    public Optional<SignedIn> find(String token, boolean mayRenew) {
        if (token.length() != TOKEN_LENGTH) {
            return Optional.empty();
        }
        var digest = digest(token);
        var now = OffsetDateTime.now(clock);
        var found = database.dsl(Pool.PAGES)
                .select(
                        SESSION.ID,
                        SESSION.PERSON_ID,
                        SESSION.ACCOUNT_ID,
                        SESSION.DIGEST,
                        SESSION.ROTATED_AT,
                        SESSION.LAST_SEEN_AT,
                        PERSON.EMAIL,
                        MEMBER.ROLE)
                .from(SESSION)
                .join(PERSON)
                .on(PERSON.ID.eq(SESSION.PERSON_ID))
                .join(MEMBER)
                .on(MEMBER.PERSON_ID.eq(SESSION.PERSON_ID))
                .and(MEMBER.ACCOUNT_ID.eq(SESSION.ACCOUNT_ID))
                .where(SESSION.DIGEST
                        .eq(digest)
                        .or(SESSION.FORMER_DIGEST.eq(digest).and(SESSION.ROTATED_AT.gt(now.minus(GRACE)))))
                .and(open(now))
                .fetchOptional();
        return found.map(row -> {
            boolean newest = MessageDigest.isEqual(row.get(SESSION.DIGEST), digest);
            var renewed = newest && mayRenew && row.get(SESSION.ROTATED_AT).isBefore(now.minus(ROTATION))
                    ? rotate(digest, now)
                    : Optional.<Secret>empty();
            if (mayRenew && row.get(SESSION.LAST_SEEN_AT).isBefore(now.minus(SEEN_EVERY))) {
                database.dsl(Pool.PAGES)
                        .update(SESSION)
                        .set(SESSION.LAST_SEEN_AT, now)
                        .where(SESSION.ID.eq(row.get(SESSION.ID)))
                        .and(SESSION.LAST_SEEN_AT.lt(now))
                        .execute();
            }
            return signedIn(row, renewed);
        });
    }

    /** Of requests that come together, one changes the token; the others go on with the old one for moments. */
    private Optional<Secret> rotate(byte[] digest, OffsetDateTime now) {
        var token = RandomText.base62(TOKEN_LENGTH);
        int changed = database.dsl(Pool.PAGES)
                .update(SESSION)
                .set(SESSION.DIGEST, digest(token))
                .set(SESSION.FORMER_DIGEST, digest)
                .set(SESSION.ROTATED_AT, now)
                .where(SESSION.DIGEST.eq(digest))
                .execute();
        return changed == 1 ? Optional.of(new Secret(token)) : Optional.empty();
    }

    private static SignedIn signedIn(Record row, Optional<Secret> renewed) {
        return new SignedIn(
                new SessionId(row.get(SESSION.ID)),
                new PersonId(row.get(SESSION.PERSON_ID)),
                row.get(PERSON.EMAIL),
                new AccountId(row.get(SESSION.ACCOUNT_ID)),
                Role.of(row.get(MEMBER.ROLE)),
                renewed);
    }

    /** The open sessions of a person, the last used first. */
    public List<OpenSession> list(PersonId person) {
        return database.dsl(Pool.PAGES)
                .selectFrom(SESSION)
                .where(SESSION.PERSON_ID.eq(person.value()))
                .and(open(OffsetDateTime.now(clock)))
                .orderBy(SESSION.LAST_SEEN_AT.desc(), SESSION.ID)
                .limit(MOST)
                .fetch(row -> new OpenSession(
                        new SessionId(row.getId()),
                        row.getBrowser(),
                        row.getNetwork(),
                        row.getCreatedAt().toInstant(),
                        row.getLastSeenAt().toInstant(),
                        row.getExpiresAt().toInstant()));
    }

    /**
     * Ends a session of that person. Its token is refused from the next request on.
     *
     * @return the keys that its playground used, to be revoked; empty also when there was no such session
     */
    public List<KeyId> end(PersonId person, SessionId session) {
        return end(SESSION.PERSON_ID.eq(person.value()).and(SESSION.ID.eq(session.value())));
    }

    /** Ends every session of that person but one. */
    public List<KeyId> endOthers(PersonId person, SessionId but) {
        return end(SESSION.PERSON_ID.eq(person.value()).and(SESSION.ID.ne(but.value())));
    }

    /** Ends every session of that person. */
    public List<KeyId> endAll(PersonId person) {
        return end(SESSION.PERSON_ID.eq(person.value()));
    }

    private List<KeyId> end(Condition which) {
        return database
                .dsl(Pool.PAGES)
                .update(SESSION)
                .set(SESSION.ENDED_AT, OffsetDateTime.now(clock))
                .where(which)
                .and(SESSION.ENDED_AT.isNull())
                .returning(SESSION.PLAYGROUND_KEY_ID)
                .fetch()
                .stream()
                .flatMap(row -> Optional.ofNullable(row.getPlaygroundKeyId()).map(KeyId::new).stream())
                .toList();
    }

    /**
     * Remembers the key that the playground of a session calls with.
     *
     * @return the one it replaces, to be revoked
     */
    public Optional<KeyId> playWith(SessionId session, KeyId key) {
        return database.transact(Pool.PAGES, tx -> {
            var before = tx.select(SESSION.PLAYGROUND_KEY_ID)
                    .from(SESSION)
                    .where(SESSION.ID.eq(session.value()))
                    .forUpdate()
                    .fetchOptional(SESSION.PLAYGROUND_KEY_ID);
            tx.update(SESSION)
                    .set(SESSION.PLAYGROUND_KEY_ID, key.value())
                    .where(SESSION.ID.eq(session.value()))
                    .execute();
            return before.map(KeyId::new);
        });
    }

    private static Condition open(OffsetDateTime now) {
        return SESSION.ENDED_AT.isNull().and(SESSION.EXPIRES_AT.gt(now)).and(SESSION.LAST_SEEN_AT.gt(now.minus(IDLE)));
    }

    private static byte[] digest(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
