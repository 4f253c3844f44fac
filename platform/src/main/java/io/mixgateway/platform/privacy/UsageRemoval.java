package io.mixgateway.platform.privacy;

import static java.util.Objects.requireNonNull;

import io.mixgateway.platform.store.Database;
import io.mixgateway.platform.store.Pool;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;

/**
 * Removes usage events by dropping the partitions of their days, each day in one transaction with the note that keeps
 * `ledger verify` true: how far events are gone, and the part of a transfer whose other part is still there.
 *
 * <p>The hourly sums stay, and are compared with the events one last time before these go.
 */
final class UsageRemoval {
    private static final Pattern PARTITION = Pattern.compile("usage_event_(\\d{8})");
    private static final DateTimeFormatter DAY = DateTimeFormatter.BASIC_ISO_DATE;
    private static final String LATE = "usage_event_default";

    private final Database database;

    UsageRemoval(Database database) {
        this.database = database;
    }

    /**
     * Removes all events before {@code cutOff}, which is a midnight (UTC).
     *
     * @return how many
     */
    long before(Instant cutOff) {
        long removed = 0;
        for (var oldest = oldestPartition(cutOff); oldest.isPresent(); oldest = oldestPartition(cutOff)) {
            var partition = oldest.get();
            var end = dayOf(partition).plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
            removed += database.transact(Pool.JOBS, dsl -> removePartition(dsl, partition, end));
        }
        // Days that had no partition of their own, and calls that were booked after their day was dropped.
        removed += database.transact(Pool.JOBS, dsl -> removeLate(dsl, cutOff));
        database.execute(Pool.JOBS, dsl -> {
            dsl.execute(
                    "delete from lease where amount = 0 and budget_id in (" + pastCaps() + ")",
                    RetentionJob.sql(cutOff));
            dsl.execute(
                    "delete from budget where id in (" + pastCaps() + ") and leased = 0"
                            + " and not exists (select from lease where budget_id = budget.id)",
                    RetentionJob.sql(cutOff));
            // Nothing is ever booked under a key that is gone, so nothing refers to its kinds but its events.
            dsl.execute("""
                    delete from generation_kind k
                    where not exists (select from api_key a where a.id = k.key_id)
                      and not exists (
                        select from usage_hourly h where h.account_id = k.account_id and h.key_id = k.key_id
                          and h.hour >= ?::timestamptz)
                      and not exists (select from usage_event e where e.kind_id = k.id)""", RetentionJob.sql(cutOff));
        });
        return removed;
    }

    private static String pastCaps() {
        return "select id from budget where kind = 'cap' and window_end < ?::timestamptz";
    }

    private Optional<String> oldestPartition(Instant cutOff) {
        return database.dsl(Pool.JOBS).fetch("""
                        select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
                        where i.inhparent = 'usage_event'::regclass order by c.relname""").map(row -> requireNonNull(row.get(0, String.class))).stream()
                .filter(name -> PARTITION.matcher(name).matches())
                .filter(name -> !dayOf(name)
                        .plusDays(1)
                        .atStartOfDay(ZoneOffset.UTC)
                        .toInstant()
                        .isAfter(cutOff))
                .findFirst();
    }

    private static LocalDate dayOf(String partition) {
        var matcher = PARTITION.matcher(partition);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(partition);
        }
        return LocalDate.parse(matcher.group(1), DAY);
    }

    private static long removePartition(DSLContext dsl, String partition, Instant end) {
        // One node at a time; the other finds the table gone, and begins again with what is left.
        dsl.execute("select pg_advisory_xact_lock(hashtextextended('retention', 0))");
        if (dsl.fetchSingle("select to_regclass(?)::text", partition).get(0) == null) {
            return 0;
        }
        // Dropping waits for those who read the table, and everybody else waits behind us: give up soon, come again.
        dsl.execute("set local lock_timeout = '3s'");
        dsl.execute("lock table " + partition + " in share mode");
        long rows = count(dsl, partition, end);
        refuseWhatDiffers(dsl, end);
        note(dsl, partition, end);
        try {
            dsl.execute("drop table " + partition);
        } catch (DataAccessException busy) {
            throw new DataAccessException("the table of usage events is busy; retention tries again later", busy);
        }
        return rows;
    }

    private static long removeLate(DSLContext dsl, Instant end) {
        dsl.execute("select pg_advisory_xact_lock(hashtextextended('retention', 0))");
        long rows = count(dsl, LATE, end);
        if (rows > 0) {
            refuseWhatDiffers(dsl, end);
            note(dsl, LATE, end);
            dsl.execute("delete from usage_event_default where created_at < ?::timestamptz", RetentionJob.sql(end));
        }
        return rows;
    }

    private static long count(DSLContext dsl, String table, Instant end) {
        return dsl.fetchSingle(
                        "select count(*) from " + table + " where created_at < ?::timestamptz", RetentionJob.sql(end))
                .get(0, Long.class);
    }

    /** While they disagree, events are evidence. */
    private static void refuseWhatDiffers(DSLContext dsl, Instant end) {
        var sums = dsl.fetchSingle("""
                select (select coalesce(sum(cost), 0)::bigint from usage_event
                    where created_at >= r.until and created_at < ?::timestamptz),
                  (select coalesce(sum(cost), 0)::bigint from usage_hourly
                    where hour >= r.until and hour < ?::timestamptz)
                from usage_removed r""", RetentionJob.sql(end), RetentionJob.sql(end));
        if (!Objects.equals(sums.get(0), sums.get(1))) {
            throw new IllegalStateException("the usage events before " + end + " cost " + sums.get(0)
                    + " and their hourly sums say " + sums.get(1) + ": none of them is removed; see `ledger verify`");
        }
    }

    private static void note(DSLContext dsl, String table, Instant end) {
        dsl.execute("""
                insert into usage_removed_charge (transfer_id, cost)
                select transfer_id, sum(cost) from %s
                where transfer_id is not null and created_at < ?::timestamptz group by transfer_id
                on conflict (transfer_id) do update set cost = usage_removed_charge.cost + excluded.cost""".formatted(table), RetentionJob.sql(end));
        // A transfer that is accounted for as a whole needs no note any more.
        dsl.execute("""
                delete from usage_removed_charge r using posting p, ledger_account a
                where p.transfer_id = r.transfer_id and a.id = p.ledger_account_id and a.code = 'credit'
                  and -p.amount = r.cost""");
        dsl.execute("""
                update usage_removed set until = greatest(until, ?::timestamptz), last_transfer = greatest(last_transfer, (
                  select coalesce(max(transfer_id), 0) from %s where created_at < ?::timestamptz))""".formatted(table), RetentionJob.sql(end), RetentionJob.sql(end));
    }
}
