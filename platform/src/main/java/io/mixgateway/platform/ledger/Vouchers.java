package io.mixgateway.platform.ledger;

import io.mixgateway.platform.keys.KeyDigests;
import io.mixgateway.platform.store.Database;
import io.mixgateway.platform.store.Pool;
import io.mixgateway.platform.store.RandomText;
import io.mixgateway.relay.call.AccountId;
import io.mixgateway.relay.catalog.Secret;
import io.mixgateway.relay.money.Nanos;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** Codes that are worth credit, once. The codes themselves are shown when they are made and not kept. Blocking. */
public final class Vouchers {
    /** The most that are made at once. */
    public static final int MOST = 10_000;

    private static final int CODE_LENGTH = 24; // 124 bits: nobody guesses one
    private static final int CODE_GROUP = 6;

    private final Database database;
    private final KeyDigests digests;
    private final InstantSource clock;

    public Vouchers(Database database, KeyDigests digests, InstantSource clock) {
        this.database = database;
        this.digests = digests;
        this.clock = clock;
    }

    /** What was made. The codes are nowhere else. */
    public record Batch(String id, List<Secret> codes) {
        public Batch {
            codes = List.copyOf(codes);
        }
    }

    /**
     * Some vouchers, as one made them.
     *
     * @param redeemed how many were
     */
    public record Summary(
            String id,
            String name,
            String currency,
            Nanos amount,
            long count,
            long redeemed,
            Instant createdAt,
            Optional<Instant> expiresAt,
            Optional<Instant> revokedAt) {}

    /**
     * Makes {@code count} vouchers worth {@code amount} each.
     *
     * @throws LedgerRefused for an amount, a number, a name or an end that is none
     */
    public Batch create(String name, Nanos amount, String currency, int count, Optional<Instant> expiresAt) {
        var now = clock.instant();
        Ledger.refuseUnlessMovable(amount);
        if (count < 1 || count > MOST) {
            throw new LedgerRefused("count: " + count + " (expected: 1 to " + MOST + ")");
        }
        if (name.isBlank() || name.length() > 200) {
            throw new LedgerRefused("name: empty or too long (expected: 1 to 200 letters)");
        }
        if (!currency.matches("[A-Z]{3}")) {
            throw new LedgerRefused("currency: " + currency + " (expected: three capital letters)");
        }
        if (expiresAt.isPresent() && !expiresAt.get().isAfter(now)) {
            throw new LedgerRefused("expires: " + expiresAt.get() + " (expected: a time to come)");
        }
        var codes = new ArrayList<Secret>();
        var digested = new ArrayList<byte[]>();
        for (int i = 0; i < count; i++) {
            var code = newCode();
            codes.add(new Secret(code));
            digested.add(digest(code));
        }
        var id = RandomText.id("vou");
        database.execute(Pool.LEDGER, dsl -> {
            dsl.execute(
                    """
                    insert into voucher_batch (id, name, currency, amount, created_at, expires_at)
                    values (?, ?, ?, ?, ?::timestamptz, ?::timestamptz)""",
                    id,
                    name,
                    currency,
                    amount.value(),
                    at(now),
                    expiresAt.map(Vouchers::at).orElse(null));
            dsl.execute(
                    "insert into voucher (digest, batch_id) select unnest(?::bytea[]), ?",
                    digested.toArray(byte[][]::new),
                    id);
        });
        return new Batch(id, codes);
    }

    private static String newCode() {
        var letters = RandomText.base32(CODE_LENGTH);
        var code = new StringBuilder("MG");
        for (int i = 0; i < CODE_LENGTH; i += CODE_GROUP) {
            code.append('-').append(letters, i, i + CODE_GROUP);
        }
        return code.toString();
    }

    /** As people type it: case and blanks do not matter. */
    private byte[] digest(String code) {
        var plain = code.strip().toUpperCase(Locale.ROOT).replaceAll("[\\s-]", "");
        return digests.digest("voucher", plain.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Gives the account what the code is worth. The account that has redeemed it may do so again and gets the same transfer.
     *
     * @throws LedgerRefused for a code that is unknown, expired, revoked or redeemed by another, with nothing to tell unknown
     *     from others' codes; and when the account keeps another currency
     */
    public Transfer redeem(AccountId account, String code) {
        byte[] digest = digest(code);
        return database.transact(Pool.LEDGER, dsl -> {
            var now = clock.instant();
            // The one row that this statement changes decides who is first; twins wait for it and then change none.
            var batch = dsl.fetchOptional("""
                    update voucher v set redeemed_at = ?::timestamptz, redeemed_by = ? from voucher_batch b
                    where v.digest = ? and b.id = v.batch_id and v.redeemed_at is null and b.revoked_at is null
                      and (b.expires_at is null or b.expires_at > ?::timestamptz)
                    returning b.id, b.amount, b.currency""", at(now), account.value(), digest, at(now));
            if (batch.isEmpty()) {
                return redeemedBefore(dsl, account, digest);
            }
            var currency = batch.get().get("currency", String.class);
            var entry = Entry.of(
                    TransferKind.VOUCHER,
                    account,
                    currency,
                    new Nanos(batch.get().get("amount", Long.class)),
                    key(digest),
                    "voucher of " + batch.get().get("id", String.class),
                    now);
            var kept = Ledger.currency(dsl, account);
            if (!kept.equals(currency)) {
                throw new LedgerRefused("voucher: worth " + currency + " (expected: " + kept + ", the account's)");
            }
            var transfer = Ledger.book(dsl, entry);
            dsl.execute("update voucher set transfer_id = ? where digest = ?", transfer.id(), digest);
            return transfer;
        });
    }

    private static String key(byte[] digest) {
        return "voucher:" + java.util.HexFormat.of().formatHex(digest);
    }

    private static Transfer redeemedBefore(DSLContext dsl, AccountId account, byte[] digest) {
        var row = dsl.fetchOptional("""
                select v.redeemed_at, v.transfer_id, b.amount, b.currency, b.id from voucher v
                join voucher_batch b on b.id = v.batch_id where v.digest = ? and v.redeemed_by = ?""", digest, account.value());
        if (row.isEmpty()) {
            throw new LedgerRefused("voucher: not valid: unknown, used, expired or revoked (expected: another code)");
        }
        var entry = Entry.of(
                TransferKind.VOUCHER,
                account,
                row.get().get("currency", String.class),
                new Nanos(row.get().get("amount", Long.class)),
                key(digest),
                "voucher of " + row.get().get("id", String.class),
                row.get().get("redeemed_at", OffsetDateTime.class).toInstant());
        return new Transfer(row.get().get("transfer_id", Long.class), entry, true);
    }

    /**
     * Ends what is left of a batch. What was redeemed stays.
     *
     * @return false when there is none, or it was revoked before
     */
    public boolean revoke(String batch) {
        return database.dsl(Pool.LEDGER)
                        .execute(
                                "update voucher_batch set revoked_at = ?::timestamptz where id = ? and revoked_at is null",
                                at(clock.instant()),
                                batch)
                > 0;
    }

    /** All batches, newest first; the newest thousand. */
    public List<Summary> list() {
        return database.dsl(Pool.JOBS)
                .fetch("""
                        select b.id, b.name, b.currency, b.amount, b.created_at, b.expires_at, b.revoked_at,
                          count(v.digest) as count, count(v.redeemed_at) as redeemed
                        from voucher_batch b join voucher v on v.batch_id = b.id
                        group by b.id order by b.created_at desc, b.id limit 1000""")
                .map(row -> new Summary(
                        row.get("id", String.class),
                        row.get("name", String.class),
                        row.get("currency", String.class),
                        new Nanos(row.get("amount", Long.class)),
                        row.get("count", Long.class),
                        row.get("redeemed", Long.class),
                        row.get("created_at", OffsetDateTime.class).toInstant(),
                        instant(row.get("expires_at", OffsetDateTime.class)),
                        instant(row.get("revoked_at", OffsetDateTime.class))));
    }

    private static Optional<Instant> instant(@Nullable OffsetDateTime time) {
        return Optional.ofNullable(time).map(OffsetDateTime::toInstant);
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
