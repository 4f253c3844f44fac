package io.mixgateway.platform.accounts;

import static io.mixgateway.platform.db.Tables.MEMBER;
import static io.mixgateway.platform.db.Tables.SETUP_TOKEN;

import io.mixgateway.platform.ChangeRefused;
import io.mixgateway.platform.store.Database;
import io.mixgateway.platform.store.Pool;
import io.mixgateway.platform.store.RandomText;
import io.mixgateway.relay.call.AccountId;
import io.mixgateway.relay.catalog.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jooq.Condition;

/**
 * Links by which somebody who has no password yet chooses one: {@code /setup/TOKEN}. A token works once and for a while,
 * and a new one makes the earlier ones of that person void. Stored as a digest: the token is random and long, so that a
 * plain SHA-256 cannot be turned back.
 */
public final class Setup {
    private static final int TOKEN_LENGTH = 43;

    private final Database database;
    private final Clock clock;

    public Setup(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * A new token for the owner of {@code account}.
     *
     * @throws ChangeRefused when there is no such account
     */
    public Secret issue(AccountId account, Duration lifetime) {
        var token = RandomText.base62(TOKEN_LENGTH);
        var now = OffsetDateTime.now(clock);
        database.execute(Pool.JOBS, tx -> {
            var person = tx.select(MEMBER.PERSON_ID)
                    .from(MEMBER)
                    .where(MEMBER.ACCOUNT_ID.eq(account.value()))
                    .and(MEMBER.ROLE.eq("owner"))
                    .orderBy(MEMBER.CREATED_AT)
                    .limit(1)
                    .fetchOptional(MEMBER.PERSON_ID)
                    .orElseThrow(() -> new ChangeRefused("account: " + account + " does not exist"));
            tx.deleteFrom(SETUP_TOKEN)
                    .where(SETUP_TOKEN.PERSON_ID.eq(person))
                    .and(SETUP_TOKEN.USED_AT.isNull())
                    .execute();
            tx.insertInto(SETUP_TOKEN)
                    .set(SETUP_TOKEN.DIGEST, digest(token))
                    .set(SETUP_TOKEN.PERSON_ID, person)
                    .set(SETUP_TOKEN.CREATED_AT, now)
                    .set(SETUP_TOKEN.EXPIRES_AT, now.plus(lifetime))
                    .execute();
        });
        return new Secret(token);
    }

    /** Whose token it is, if it would work now. Changes nothing: for showing the form. */
    public Optional<PersonId> look(String token) {
        return database.dsl(Pool.PAGES)
                .select(SETUP_TOKEN.PERSON_ID)
                .from(SETUP_TOKEN)
                .where(works(token))
                .fetchOptional(row -> new PersonId(row.value1()));
    }

    /** Uses the token up. Of any number of attempts at once, one gets the person. */
    public Optional<PersonId> consume(String token) {
        return database.dsl(Pool.PAGES)
                .update(SETUP_TOKEN)
                .set(SETUP_TOKEN.USED_AT, OffsetDateTime.now(clock))
                .where(works(token))
                .returning(SETUP_TOKEN.PERSON_ID)
                .fetchOptional(row -> new PersonId(row.getPersonId()));
    }

    private Condition works(String token) {
        return SETUP_TOKEN
                .DIGEST
                .eq(digest(token))
                .and(SETUP_TOKEN.USED_AT.isNull())
                .and(SETUP_TOKEN.EXPIRES_AT.gt(OffsetDateTime.now(clock)));
    }

    private static byte[] digest(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
