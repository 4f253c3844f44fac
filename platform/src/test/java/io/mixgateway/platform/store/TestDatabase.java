package io.mixgateway.platform.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An empty, migrated database of its own for a test class, on the one PostgreSQL that all tests of this JVM share. Making
 * one takes some 50 ms; the first pays for the server, about two seconds.
 *
 * <pre>{@code
 * private static final TestDatabase STORE = TestDatabase.fresh();
 *
 * @AfterAll
 * static void drop() {
 *     STORE.close();
 * }
 * }</pre>
 */
public final class TestDatabase implements AutoCloseable {
    private static final Duration SILENCE = Duration.ofSeconds(30);
    /** Some tests run a dozen nodes. */
    private static final String MOST_CONNECTIONS = "400";

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final DatabaseUrl url;
    private final Database database;

    private TestDatabase(DatabaseUrl url) {
        this.url = url;
        this.database = Database.connectMigrated(url);
    }

    /** Another database. */
    public static TestDatabase fresh() {
        var template = Server.ONE.template;
        var name = "test_" + NUMBER.incrementAndGet();
        execute("create database " + name + " template " + template.database());
        return new TestDatabase(template.withDatabase(name));
    }

    /** An empty database, not migrated. */
    static DatabaseUrl empty() {
        var name = "test_" + NUMBER.incrementAndGet();
        execute("create database " + name);
        return Server.ONE.template.withDatabase(name);
    }

    /** A client of it. Closed with the whole. */
    public Database database() {
        return database;
    }

    /** Where it is, for further clients, such as a second node. */
    public DatabaseUrl url() {
        return url;
    }

    /** Another client of the same database, as another node would be. Close it yourself. */
    public Database connect() {
        return Database.connectMigrated(url);
    }

    /** Ends its connections. Its files go with the server, which is quicker than dropping it. */
    @Override
    public void close() {
        database.close();
    }

    private static void execute(String sql) {
        try (var connection = Connections.open(Server.ONE.postgres.url().withDatabase("postgres"), "tests", SILENCE);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Started by the first test that needs it; ends with the JVM. */
    private static final class Server {
        static final Server ONE = new Server();

        private final EmbeddedPostgres postgres;
        private final DatabaseUrl template;

        Server() {
            try {
                Path dir = Files.createTempDirectory("mixgateway-test-");
                DataDir.chmod(dir, "rwx--x--x");
                var settings = new HashMap<>(EmbeddedPostgres.THROWAWAY);
                settings.put("max_connections", MOST_CONNECTIONS);
                postgres = EmbeddedPostgres.start(DataDir.open(dir), settings);
                template = postgres.url();
                Migrations.run(template, "classpath:db/migration");
                Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(dir)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** By a process that outlives ours: there are thousands of files, and a JVM at its end is soon killed. */
        private void remove(Path dir) {
            try {
                new ProcessBuilder(
                                "/bin/sh",
                                "-c",
                                "kill -QUIT $0; for i in 1 2 3 4 5 6 7 8 9; do kill -0 $0 && sleep 0.1; done; rm -rf $1",
                                Long.toString(postgres.pid()),
                                dir.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
            } catch (IOException e) {
                System.err.println("left behind: " + dir + " (" + e + ")");
            }
        }
    }
}
