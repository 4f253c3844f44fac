package io.mixgateway.platform.keys;

import static io.mixgateway.platform.db.Tables.ACCOUNT;
import static io.mixgateway.platform.db.Tables.API_KEY;
import static io.mixgateway.platform.db.Tables.INSTALLATION;
import static io.mixgateway.platform.db.Tables.KEY_CAP;
import static java.util.Objects.requireNonNull;

import io.mixgateway.platform.ChangeRefused;
import io.mixgateway.platform.db.tables.records.ApiKeyRecord;
import io.mixgateway.platform.store.Database;
import io.mixgateway.platform.store.Pool;
import io.mixgateway.platform.store.RandomText;
import io.mixgateway.relay.call.AccountId;
import io.mixgateway.relay.call.KeyId;
import io.mixgateway.relay.money.Nanos;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** Makes, lists and revokes API keys. */
public final class ApiKeys {
    /** The most keys an account may have in use. */
    public static final int MOST_KEYS = 1_000;

    /** Every change that takes something from a key is told here; see {@link CachedCallers}. */
    static final String CHANGED = "key_changed";

    private static final int LONGEST_NAME = 100;
    private static final int SHOWN = 4;

    private final Database database;
    private final KeyDigests digests;
    private final Clock clock;

    public ApiKeys(Database database, KeyDigests digests, Clock clock) {
        this.database = database;
        this.digests = digests;
        this.clock = clock;
    }

    /**
     * Makes a key.
     *
     * @param caps at most one for each period
     * @throws ChangeRefused when the account does not exist or has too many keys, or name, caps or expiry are wrong
     */
    public NewKey create(AccountId account, String name, List<Cap> caps, Optional<Instant> expiresAt) {
        var now = clock.instant();
        var title = checkedName(name);
        if (expiresAt.isPresent() && !expiresAt.get().isAfter(now)) {
            throw new ChangeRefused("expires: " + expiresAt.get() + " (expected: a time to come)");
        }
        var periods = EnumSet.noneOf(Cap.Period.class);
        for (Cap cap : caps) {
            if (!periods.add(cap.per())) {
                throw new ChangeRefused("cap: two caps per " + cap.per().word() + " (expected: one)");
            }
        }
        var secret = digests.newSecret();
        var row = new ApiKeyRecord();
        row.setId(RandomText.id("key"));
        row.setAccountId(account.value());
        row.setName(title);
        row.setDigest(digests.digestOf(secret.reveal()).bytes());
        row.setLastFour(secret.reveal().substring(secret.reveal().length() - SHOWN));
        row.setCreatedAt(now.atOffset(ZoneOffset.UTC));
        row.setExpiresAt(expiresAt.map(time -> time.atOffset(ZoneOffset.UTC)).orElse(null));
        database.execute(Pool.JOBS, tx -> insert(tx, row, caps));
        return new NewKey(key(row, caps), secret);
    }

    private static void insert(DSLContext tx, ApiKeyRecord row, List<Cap> caps) {
        // Locking the account makes the count exact.
        var account = tx.selectFrom(ACCOUNT)
                .where(ACCOUNT.ID.eq(row.getAccountId()))
                .forUpdate()
                .fetchOptional();
        if (account.isEmpty()) {
            throw new ChangeRefused("account: " + row.getAccountId() + " does not exist");
        }
        int keys =
                tx.fetchCount(API_KEY, API_KEY.ACCOUNT_ID.eq(row.getAccountId()).and(API_KEY.REVOKED_AT.isNull()));
        if (keys >= MOST_KEYS) {
            throw new ChangeRefused("account: it has " + MOST_KEYS + " keys already (expected: revoke one first)");
        }
        tx.insertInto(API_KEY)
                .set(API_KEY.ID, row.getId())
                .set(API_KEY.ACCOUNT_ID, row.getAccountId())
                .set(API_KEY.NAME, row.getName())
                .set(API_KEY.DIGEST, row.getDigest())
                .set(API_KEY.LAST_FOUR, row.getLastFour())
                .set(API_KEY.CREATED_AT, row.getCreatedAt())
                .set(API_KEY.EXPIRES_AT, row.getExpiresAt())
                .execute();
        for (Cap cap : caps) {
            tx.insertInto(KEY_CAP)
                    .set(KEY_CAP.KEY_ID, row.getId())
                    .set(KEY_CAP.PERIOD, cap.per().word())
                    .set(KEY_CAP.AMOUNT, cap.amount().value())
                    .execute();
        }
    }

    private static String checkedName(String name) {
        var title = requireNonNull(name, "name").strip();
        if (title.isEmpty() || title.length() > LONGEST_NAME || title.chars().anyMatch(Character::isISOControl)) {
            throw new ChangeRefused(
                    "name: empty, too long or with control characters (expected: 1 to " + LONGEST_NAME + " letters)");
        }
        return title;
    }

    /** The keys of an account, newest first, revoked ones too; the newest {@value #MOST_KEYS}. */
    public List<ApiKey> list(AccountId account) {
        return fetch(API_KEY.ACCOUNT_ID.eq(account.value()));
    }

    public Optional<ApiKey> find(KeyId id) {
        return fetch(API_KEY.ID.eq(id.value())).stream().findFirst();
    }

    /** What the keys of {@link #list} are called, by id. */
    public Map<String, String> names(AccountId account) {
        return database.dsl(Pool.PAGES)
                .select(API_KEY.ID, API_KEY.NAME)
                .from(API_KEY)
                .where(API_KEY.ACCOUNT_ID.eq(account.value()))
                .orderBy(API_KEY.CREATED_AT.desc(), API_KEY.ID)
                .limit(MOST_KEYS)
                .fetchMap(API_KEY.ID, API_KEY.NAME);
    }

    private List<ApiKey> fetch(Condition which) {
        return database.transact(Pool.PAGES, tx -> {
            var rows = tx.selectFrom(API_KEY)
                    .where(which)
                    .orderBy(API_KEY.CREATED_AT.desc(), API_KEY.ID)
                    .limit(MOST_KEYS)
                    .fetch();
            Map<String, List<Cap>> caps = tx
                    .selectFrom(KEY_CAP)
                    .where(KEY_CAP.KEY_ID.in(rows.getValues(API_KEY.ID)))
                    .orderBy(KEY_CAP.KEY_ID, KEY_CAP.PERIOD)
                    .stream()
                    .collect(Collectors.groupingBy(
                            row -> row.getKeyId(),
                            Collectors.mapping(
                                    row -> new Cap(new Nanos(row.getAmount()), Cap.Period.of(row.getPeriod())),
                                    Collectors.toList())));
            return rows.map(row -> key(row, caps.getOrDefault(row.getId(), List.of())));
        });
    }

    /**
     * Ends a key for good. Every node refuses it within a second; calls that are under way go on.
     *
     * @return false when there is no such key, or it was revoked before
     */
    public boolean revoke(KeyId id) {
        return database.transact(Pool.JOBS, tx -> {
            long epoch = nextEpoch(tx);
            int changed = tx.update(API_KEY)
                    .set(API_KEY.REVOKED_AT, OffsetDateTime.now(clock))
                    .set(API_KEY.CHANGED_EPOCH, epoch)
                    .where(API_KEY.ID.eq(id.value()))
                    .and(API_KEY.REVOKED_AT.isNull())
                    .execute();
            if (changed > 0) {
                Database.notify(tx, CHANGED, Long.toString(epoch));
            }
            return changed > 0;
        });
    }

    /** Has every node read these keys anew, when and if {@code tx} commits: something that goes with them has changed. */
    public static void announce(DSLContext tx, Condition which) {
        long epoch = nextEpoch(tx);
        tx.update(API_KEY)
                .set(API_KEY.CHANGED_EPOCH, epoch)
                .where(which)
                .and(API_KEY.REVOKED_AT.isNull())
                .execute();
        Database.notify(tx, CHANGED, Long.toString(epoch));
    }

    /**
     * The row's lock is held until the commit, so epochs become visible in their order, without gaps: a node that has seen
     * epoch 7 has seen every change up to 7.
     */
    private static long nextEpoch(DSLContext tx) {
        return tx.update(INSTALLATION)
                .set(INSTALLATION.KEY_EPOCH, INSTALLATION.KEY_EPOCH.plus(1))
                .returning(INSTALLATION.KEY_EPOCH)
                .fetchSingle()
                .getKeyEpoch();
    }

    private static ApiKey key(ApiKeyRecord row, List<Cap> caps) {
        return new ApiKey(
                new KeyId(row.getId()),
                new AccountId(row.getAccountId()),
                row.getName(),
                row.getLastFour(),
                caps,
                row.getCreatedAt().toInstant(),
                instant(row.getExpiresAt()),
                instant(row.getRevokedAt()));
    }

    static Optional<Instant> instant(@Nullable OffsetDateTime time) {
        return Optional.ofNullable(time).map(OffsetDateTime::toInstant);
    }
}
