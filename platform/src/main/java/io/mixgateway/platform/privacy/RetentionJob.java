package io.mixgateway.platform.privacy;

import io.mixgateway.platform.store.Database;
import io.mixgateway.platform.store.Pool;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jooq.DSLContext;

/**
 * Removes what its {@link Retention} rule no longer keeps, and writes down how much. Running it again at once removes
 * nothing; several nodes may run it, one at a time. Blocking.
 *
 * <p>Of the books themselves nothing is ever removed here.
 */
public final class RetentionJob {
    /** Reports of runs are kept as long as the longest rule that an operator may want to prove. */
    private static final Duration REPORTS = Duration.ofDays(800);

    private final Database database;
    private final RetentionTimes times;
    private final InstantSource clock;

    /** Signed out, too old, or not used for {@code Sessions.IDLE}. */
    private static final String SESSION_END = "least(ended_at, expires_at, last_seen_at + interval '12 hours')";

    public RetentionJob(Database database, RetentionTimes times, InstantSource clock) {
        this.database = database;
        this.times = times;
        this.clock = clock;
    }

    /**
     * Removes everything whose time is over now.
     *
     * @throws org.jooq.exception.DataAccessException when the database fails; what was removed before that stays so
     * @throws IllegalStateException when usage events and the books disagree: nothing of that day is removed then
     */
    public RetentionReport run() {
        var now = clock.instant();
        var removed = new ArrayList<RetentionReport.Removed>();
        // In this order: kinds of calls go with the keys that made them, when the calls are gone.
        for (Retention rule :
                List.of(Retention.USED_LINKS, Retention.ENDED_SESSIONS, Retention.DEAD_KEYS, Retention.USAGE_DETAILS)) {
            var cutOff = cutOff(rule, now);
            long rows = rule == Retention.USAGE_DETAILS
                    ? new UsageRemoval(database).before(cutOff)
                    : database.transact(Pool.JOBS, dsl -> remove(dsl, rule, cutOff));
            removed.add(new RetentionReport.Removed(rule, cutOff, rows));
        }
        database.execute(Pool.JOBS, dsl -> {
            for (var one : removed) {
                dsl.execute(
                        "insert into retention_run (rule, ran_at, cut_off, removed) values (?, ?::timestamptz, ?::timestamptz, ?)",
                        one.rule().id(),
                        sql(now),
                        sql(one.cutOff()),
                        one.rows());
            }
            dsl.execute("delete from retention_run where ran_at < ?::timestamptz", sql(now.minus(REPORTS)));
        });
        return new RetentionReport(now, removed);
    }

    /** What {@link #run} would remove now, in rows, without removing it. */
    public long backlog() {
        var now = clock.instant();
        return database.transact(
                Pool.JOBS,
                dsl -> dsl.fetchSingle(
                                """
                        select (select count(*) from setup_token where coalesce(used_at, expires_at) < ?::timestamptz)
                          + (select count(*) from session where %s < ?::timestamptz)
                          + (select count(*) from api_key where least(revoked_at, expires_at) < ?::timestamptz)
                          + (select count(*) from usage_event where created_at < ?::timestamptz)""".formatted(SESSION_END),
                                sql(cutOff(Retention.USED_LINKS, now)),
                                sql(cutOff(Retention.ENDED_SESSIONS, now)),
                                sql(cutOff(Retention.DEAD_KEYS, now)),
                                sql(cutOff(Retention.USAGE_DETAILS, now)))
                        .get(0, Long.class));
    }

    /** When it ran last, on any node. */
    public Optional<Instant> lastRun() {
        return database.dsl(Pool.JOBS)
                .fetchSingle("select max(ran_at) from retention_run")
                .map(row ->
                        Optional.ofNullable(row.get(0, OffsetDateTime.class)).map(OffsetDateTime::toInstant));
    }

    private Instant cutOff(Retention rule, Instant now) {
        var edge = now.minus(times.of(rule));
        // Usage goes by whole days (UTC), since a day is what can be dropped at once.
        return rule == Retention.USAGE_DETAILS ? edge.truncatedTo(java.time.temporal.ChronoUnit.DAYS) : edge;
    }

    private static long remove(DSLContext dsl, Retention rule, Instant cutOff) {
        return switch (rule) {
            case USED_LINKS ->
                dsl.execute(
                        "delete from setup_token where coalesce(used_at, expires_at) < ?::timestamptz", sql(cutOff));
            case ENDED_SESSIONS ->
                dsl.execute("delete from session where " + SESSION_END + " < ?::timestamptz", sql(cutOff));
            case DEAD_KEYS -> {
                dsl.execute("""
                        delete from key_cap where key_id in (
                          select id from api_key where least(revoked_at, expires_at) < ?::timestamptz)""", sql(cutOff));
                yield dsl.execute(
                        "delete from api_key where least(revoked_at, expires_at) < ?::timestamptz", sql(cutOff));
            }
            case WHILE_ACCOUNT,
                    BOOKS,
                    USAGE_DETAILS,
                    IDEMPOTENCY_KEYS,
                    UNTIL_RESOLVED,
                    LOG_STORE,
                    IN_TRANSIT,
                    BROWSER -> throw new IllegalArgumentException(rule.id());
        };
    }

    static OffsetDateTime sql(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
