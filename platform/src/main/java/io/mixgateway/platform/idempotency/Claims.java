package io.mixgateway.platform.idempotency;

import static io.mixgateway.platform.db.Tables.IDEMPOTENCY_KEY;

import io.mixgateway.platform.store.Database;
import io.mixgateway.platform.store.Pool;
import io.mixgateway.relay.call.AccountId;
import io.mixgateway.relay.call.GenerationId;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** The rows of {@code idempotency_key}, one statement each. Blocking. */
final class Claims {
    private static final int BATCH = 10_000;

    private final Database database;
    private final String node;

    Claims(Database database, String node) {
        this.database = database;
        this.node = node;
    }

    /**
     * One row.
     *
     * @param name digest of account and Idempotency-Key
     * @param request digest of path and body
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared as a whole
    record Row(
            byte[] name,
            byte[] request,
            AccountId account,
            GenerationId generation,
            Instant claimedAt,
            boolean abandoned,
            Instant expiresAt) {
        boolean isFor(byte[] digest) {
            return MessageDigest.isEqual(request, digest);
        }
    }

    /** Puts the row in; false when the key has one. */
    boolean insert(Row row) {
        return database.dsl(Pool.AUTH)
                        .insertInto(IDEMPOTENCY_KEY)
                        .set(IDEMPOTENCY_KEY.DIGEST, row.name)
                        .set(IDEMPOTENCY_KEY.REQUEST_DIGEST, row.request)
                        .set(IDEMPOTENCY_KEY.ACCOUNT_ID, row.account.value())
                        .set(IDEMPOTENCY_KEY.GENERATION_ID, row.generation.value())
                        .set(IDEMPOTENCY_KEY.NODE_ID, node)
                        .set(IDEMPOTENCY_KEY.CLAIMED_AT, row.claimedAt.atOffset(ZoneOffset.UTC))
                        .set(IDEMPOTENCY_KEY.EXPIRES_AT, row.expiresAt.atOffset(ZoneOffset.UTC))
                        .onConflictDoNothing()
                        .execute()
                > 0;
    }

    @Nullable
    Row find(byte[] name) {
        return database.dsl(Pool.AUTH)
                .selectFrom(IDEMPOTENCY_KEY)
                .where(IDEMPOTENCY_KEY.DIGEST.eq(name))
                .fetchOne(row -> new Row(
                        row.getDigest(),
                        row.getRequestDigest(),
                        new AccountId(row.getAccountId()),
                        new GenerationId(row.getGenerationId()),
                        row.getClaimedAt().toInstant(),
                        row.getAbandoned(),
                        row.getExpiresAt().toInstant()));
    }

    /** Puts {@code row} in the place of {@code old}; false when that is not there any more. */
    boolean replace(Row old, Row row) {
        return database.dsl(Pool.AUTH)
                        .update(IDEMPOTENCY_KEY)
                        .set(IDEMPOTENCY_KEY.REQUEST_DIGEST, row.request)
                        .set(IDEMPOTENCY_KEY.GENERATION_ID, row.generation.value())
                        .set(IDEMPOTENCY_KEY.NODE_ID, node)
                        .set(IDEMPOTENCY_KEY.CLAIMED_AT, row.claimedAt.atOffset(ZoneOffset.UTC))
                        .set(IDEMPOTENCY_KEY.ABANDONED, false)
                        .set(IDEMPOTENCY_KEY.EXPIRES_AT, row.expiresAt.atOffset(ZoneOffset.UTC))
                        .where(IDEMPOTENCY_KEY.DIGEST.eq(old.name))
                        .and(IDEMPOTENCY_KEY.GENERATION_ID.eq(old.generation.value()))
                        .execute()
                > 0;
    }

    void delete(Row row) {
        database.dsl(Pool.AUTH)
                .deleteFrom(IDEMPOTENCY_KEY)
                .where(IDEMPOTENCY_KEY.DIGEST.eq(row.name))
                .and(IDEMPOTENCY_KEY.GENERATION_ID.eq(row.generation.value()))
                .execute();
    }

    /** No process of this node makes any of its calls any more. */
    void abandonAll() {
        database.dsl(Pool.JOBS)
                .update(IDEMPOTENCY_KEY)
                .set(IDEMPOTENCY_KEY.ABANDONED, true)
                .where(IDEMPOTENCY_KEY.NODE_ID.eq(node))
                .andNot(IDEMPOTENCY_KEY.ABANDONED)
                .execute();
    }

    /** In batches, so that no statement is long. */
    long deleteExpired(Instant now) {
        long all = 0;
        while (true) {
            int some = database.dsl(Pool.JOBS).execute("""
                            delete from idempotency_key where digest = any(array(
                              select digest from idempotency_key where expires_at <= {0} limit {1}))""", DSL.val(now.atOffset(ZoneOffset.UTC)), DSL.inline(BATCH));
            all += some;
            if (some < BATCH) {
                return all;
            }
        }
    }
}
