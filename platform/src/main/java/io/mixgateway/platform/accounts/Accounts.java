package io.mixgateway.platform.accounts;

import static io.mixgateway.platform.db.Tables.ACCOUNT;
import static io.mixgateway.platform.db.Tables.INSTALLATION;
import static io.mixgateway.platform.db.Tables.MEMBER;
import static io.mixgateway.platform.db.Tables.PERSON;
import static java.util.Objects.requireNonNull;
import static org.jooq.impl.DSL.lower;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.select;

import io.mixgateway.platform.ChangeRefused;
import io.mixgateway.platform.db.tables.records.AccountRecord;
import io.mixgateway.platform.store.Database;
import io.mixgateway.platform.store.Pool;
import io.mixgateway.platform.store.RandomText;
import io.mixgateway.relay.call.AccountId;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jooq.DSLContext;

/** Makes and finds accounts. */
public final class Accounts {
    /** The most that {@link #list} gives at once. */
    public static final int LONGEST_LIST = 1_000;

    private static final Pattern EMAIL = Pattern.compile("[^@\\s\\p{Cntrl}]+@[^@\\s\\p{Cntrl}]+");
    private static final int LONGEST_EMAIL = 254; // RFC 5321, 4.5.3.1.3 less the brackets
    private static final int LONGEST_NAME = 200;

    private final Database database;
    private final Clock clock;

    public Accounts(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * Makes an account, whose owner is the person with that e-mail address.
     *
     * @throws ChangeRefused when the address is none or has an account already
     */
    public Account create(String email, String name) {
        var address = checkedEmail(email);
        var title = checkedName(name, address);
        return database.transact(Pool.JOBS, tx -> create(tx, address, title));
    }

    /**
     * The owner's account, made at the first start. Nodes that start together agree on one.
     *
     * @throws ChangeRefused as {@link #create}
     */
    public Account createOwner(String email, String name) {
        var address = checkedEmail(email);
        var title = checkedName(name, address);
        return database.transact(Pool.JOBS, tx -> {
            var owner = tx.select(INSTALLATION.OWNER_ACCOUNT_ID)
                    .from(INSTALLATION)
                    .forUpdate()
                    .fetchSingle()
                    .value1();
            if (owner != null) {
                return find(tx, new AccountId(owner)).orElseThrow();
            }
            var account = create(tx, address, title);
            tx.update(INSTALLATION)
                    .set(INSTALLATION.OWNER_ACCOUNT_ID, account.id().value())
                    .execute();
            return account;
        });
    }

    private Account create(DSLContext tx, String email, String name) {
        var now = OffsetDateTime.now(clock);
        var account = tx.insertInto(ACCOUNT)
                .set(ACCOUNT.ID, RandomText.id("acc"))
                .set(ACCOUNT.EMAIL, email)
                .set(ACCOUNT.NAME, name)
                .set(ACCOUNT.CREATED_AT, now)
                .onConflictDoNothing()
                .returning()
                .fetchOptional()
                .orElseThrow(() -> new ChangeRefused("email: " + email + " has an account already"));
        tx.insertInto(PERSON)
                .set(PERSON.ID, RandomText.id("usr"))
                .set(PERSON.EMAIL, email)
                .set(PERSON.NAME, name)
                .set(PERSON.CREATED_AT, now)
                .onConflictDoNothing() // the person may be a member of another account
                .execute();
        var person = tx.select(PERSON.ID)
                .from(PERSON)
                .where(lower(PERSON.EMAIL).eq(email.toLowerCase(Locale.ROOT)))
                .fetchSingle()
                .value1();
        tx.insertInto(MEMBER)
                .set(MEMBER.ACCOUNT_ID, account.getId())
                .set(MEMBER.PERSON_ID, person)
                .set(MEMBER.ROLE, "owner")
                .set(MEMBER.CREATED_AT, now)
                .execute();
        return account(account);
    }

    /** The account meant where a command names none; empty before the first start is done. */
    public Optional<Account> owner() {
        return database.dsl(Pool.JOBS)
                .selectFrom(ACCOUNT)
                .where(ACCOUNT.ID.eq(select(INSTALLATION.OWNER_ACCOUNT_ID).from(INSTALLATION)))
                .fetchOptional(Accounts::account);
    }

    public Optional<Account> find(AccountId id) {
        return find(database.dsl(Pool.JOBS), id);
    }

    private static Optional<Account> find(DSLContext dsl, AccountId id) {
        return dsl.selectFrom(ACCOUNT).where(ACCOUNT.ID.eq(id.value())).fetchOptional(Accounts::account);
    }

    /** The accounts made after {@code after}, oldest first, from the first on when it is empty; {@link #LONGEST_LIST} at most. */
    public List<Account> list(Optional<AccountId> after) {
        var query = database.dsl(Pool.JOBS).selectFrom(ACCOUNT).where();
        if (after.isPresent()) {
            query = query.and(row(ACCOUNT.CREATED_AT, ACCOUNT.ID)
                    .gt(select(ACCOUNT.CREATED_AT, ACCOUNT.ID)
                            .from(ACCOUNT)
                            .where(ACCOUNT.ID.eq(after.get().value()))));
        }
        return query.orderBy(ACCOUNT.CREATED_AT, ACCOUNT.ID).limit(LONGEST_LIST).fetch(Accounts::account);
    }

    private static String checkedEmail(String email) {
        var address = requireNonNull(email, "email").strip();
        if (address.length() > LONGEST_EMAIL || !EMAIL.matcher(address).matches()) {
            throw new ChangeRefused("email: not an e-mail address (expected: one like ada@example.org)");
        }
        return address;
    }

    private static String checkedName(String name, String otherwise) {
        var title = requireNonNull(name, "name").strip();
        if (title.length() > LONGEST_NAME || title.chars().anyMatch(Character::isISOControl)) {
            throw new ChangeRefused(
                    "name: too long or with control characters (expected: at most " + LONGEST_NAME + " letters)");
        }
        return title.isEmpty() ? otherwise.substring(0, Math.min(LONGEST_NAME, otherwise.length())) : title;
    }

    private static Account account(AccountRecord row) {
        return new Account(
                new AccountId(row.getId()),
                row.getEmail(),
                row.getName(),
                row.getCurrency(),
                ZoneId.of(row.getTimeZone()),
                Account.Status.valueOf(row.getStatus().toUpperCase(Locale.ROOT)),
                row.getCreatedAt().toInstant());
    }
}
