package io.mixgateway.platform.store;

import static java.util.Objects.requireNonNull;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.metrics.IMetricsTracker;
import io.mixgateway.relay.catalog.Secret;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.conf.Settings;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * The one database of a gateway, migrated: a small pool of connections for each kind of work, and news from other nodes.
 *
 * <p>Blocking; call it on a virtual thread, never on an event loop. No wait is endless: a pool that is used up, a
 * statement that takes too long and a server that went silent each end in an exception ({@link Pool}).
 */
public final class Database implements AutoCloseable {
    private static final int OLDEST_MAJOR = 15;
    private static final Duration CHECK_SILENCE = Duration.ofSeconds(10);

    static {
        System.setProperty("org.jooq.no-logo", "true");
        System.setProperty("org.jooq.no-tips", "true");
    }

    private final DatabaseUrl url;
    private final Map<Pool, HikariDataSource> sources = new EnumMap<>(Pool.class);
    private final Map<Pool, DSLContext> contexts = new EnumMap<>(Pool.class);
    private final Map<Pool, LongAdder> taken = new EnumMap<>(Pool.class);
    private final News news;
    private boolean closed;

    private Database(DatabaseUrl url) {
        this.url = url;
        this.news = new News(url);
        for (Pool pool : Pool.values()) {
            taken.put(pool, new LongAdder());
        }
    }

    /**
     * Connects, and brings the schema up to date. The pools fill when first used.
     *
     * @throws StartRefused when the database does not answer, is too old, or its schema cannot be used
     */
    public static Database connect(DatabaseUrl url) {
        if (!isReady(url)) {
            Migrations.run(url, "classpath:db/migration");
        }
        return new Database(url);
    }

    /** Loads what the first statement of a process waits a quarter of a second for: nothing of a database is needed. */
    public static void warmUp() {
        var id = DSL.field(DSL.name("id"), Long.class);
        var _ = DSL.using(SQLDialect.POSTGRES)
                .select(id)
                .from(DSL.table(DSL.name("any")))
                .where(id.eq(1L))
                .getSQL();
    }

    /** A database whose schema is known to be in order. */
    static Database connectMigrated(DatabaseUrl url) {
        return new Database(url);
    }

    /** Whether the schema needs nothing. */
    private static boolean isReady(DatabaseUrl url) {
        try (var connection = Connections.open(url, "mixgateway-check", CHECK_SILENCE)) {
            int major = connection.getMetaData().getDatabaseMajorVersion();
            if (major < OLDEST_MAJOR) {
                throw new StartRefused("The database " + url + " is PostgreSQL " + major + ": it must be "
                        + OLDEST_MAJOR + " or newer.");
            }
            return Migrations.areDone(connection);
        } catch (SQLException e) {
            throw new StartRefused(explain(url, String.valueOf(e.getSQLState())), e);
        }
    }

    /** By class of SQLSTATE, appendix A of PostgreSQL's manual. The driver's own words stay in the cause. */
    private static String explain(DatabaseUrl url, String state) {
        if (state.startsWith("28")) {
            return "The database " + url + " refuses this user or password: check --database-url.";
        }
        if (state.equals("3D000")) {
            return "The database " + url + " does not exist: create it, or check --database-url.";
        }
        if (state.startsWith("53")) {
            return "The database " + url + " has no connection left: raise its max_connections, or stop other clients.";
        }
        return "The database " + url + " does not answer (" + state + "): start it, or check --database-url and the"
                + " network.";
    }

    /**
     * Runs {@code work} in one transaction: committed when it returns, rolled back when it throws, and the exception
     * goes on to the caller.
     *
     * @throws org.jooq.exception.DataAccessException when the store fails or does not answer in the pool's time
     */
    public <T extends @Nullable Object> T transact(Pool pool, Function<? super DSLContext, ? extends T> work) {
        return dsl(pool).transactionResult(configuration -> work.apply(configuration.dsl()));
    }

    /** As {@link #transact}, for work that has nothing to tell. */
    public void execute(Pool pool, Consumer<? super DSLContext> work) {
        dsl(pool).transaction(configuration -> work.accept(configuration.dsl()));
    }

    /** For single statements, each its own transaction: saves the round trips of one. */
    public DSLContext dsl(Pool pool) {
        synchronized (sources) {
            if (closed) {
                throw new IllegalStateException("the database is closed");
            }
            return contexts.computeIfAbsent(pool, this::open);
        }
    }

    private DSLContext open(Pool pool) {
        var name = "mixgateway-" + pool.name().toLowerCase(Locale.ROOT);
        var config = new HikariConfig();
        config.setPoolName(name);
        config.setJdbcUrl(url.jdbc());
        url.user().ifPresent(config::setUsername);
        url.password().map(Secret::reveal).ifPresent(config::setPassword);
        config.setDataSourceProperties(Connections.properties(url, name, pool.silence()));
        // Not as a start-up option, which connection poolers refuse.
        config.setConnectionInitSql("set statement_timeout = "
                + pool.statement().toMillis() + (pool.maySpread() ? "" : "; set max_parallel_workers_per_gather = 0"));
        config.setMaximumPoolSize(pool.size());
        config.setMinimumIdle(1);
        config.setConnectionTimeout(pool.acquire().toMillis());
        config.setValidationTimeout(Math.min(pool.acquire().toMillis(), 2_000));
        config.setIdleTimeout(Duration.ofMinutes(1).toMillis());
        config.setKeepaliveTime(Duration.ofMinutes(2).toMillis());
        config.setMetricsTrackerFactory((_, _) -> new IMetricsTracker() {
            @Override
            public void recordConnectionAcquiredNanos(long nanos) {
                countOf(pool).increment();
            }
        });
        config.setInitializationFailTimeout(-1); // a database that is away for a moment does not stop us
        var source = new HikariDataSource(config);
        sources.put(pool, source);
        return DSL.using(
                source,
                SQLDialect.POSTGRES,
                new Settings().withRenderSchema(false).withExecuteLogging(false).withFetchWarnings(false));
    }

    private LongAdder countOf(Pool pool) {
        return requireNonNull(taken.get(pool));
    }

    /** How often a connection of {@code pool} was taken since the start: nobody asks the database anything without one. */
    public long taken(Pool pool) {
        return countOf(pool).sum();
    }

    /**
     * Hears what {@link #notify} says on {@code channel}, on any node, within moments. News can get lost while the
     * connection is down: after each new connection the listener is called with an empty payload, and should look for
     * itself. It runs on the one thread that listens, so it must be quick; what it throws is logged.
     */
    public void onNotify(String channel, Consumer<String> listener) {
        news.listen(channel, listener);
    }

    /** Tells every node, when and if {@code transaction} commits. The payload is short (under 8000 bytes) and no secret. */
    public static void notify(DSLContext transaction, String channel, String payload) {
        transaction.execute("select pg_notify({0}, {1})", DSL.val(channel), DSL.val(payload));
    }

    /**
     * Asks the server for its version, such as {@code 18.6}: proof that it answers.
     *
     * @throws org.jooq.exception.DataAccessException when it does not, in the pool's time
     */
    public String version() {
        var version = dsl(Pool.PAGES).fetchSingle("show server_version").get(0, String.class);
        return version == null ? "of unknown version" : version;
    }

    /**
     * Whether {@code failure} comes of a database that is away, full or too slow, so that the same may work a little later: no
     * connection, SQLSTATE class 08 (connection), 53 (resources) or 57 (operator intervention, timeouts included).
     */
    public static boolean isAway(Throwable failure) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLTransientException) {
                return true;
            }
            var state = cause instanceof SQLException sql ? sql.getSQLState() : null;
            if (state != null) {
                return state.startsWith("08") || state.startsWith("53") || state.startsWith("57");
            }
        }
        return false;
    }

    /** Where it is. */
    public DatabaseUrl url() {
        return url;
    }

    /** Closes every connection. What still runs gets an exception. */
    @Override
    public void close() {
        news.close();
        synchronized (sources) {
            closed = true;
            sources.values().forEach(HikariDataSource::close);
        }
    }
}
