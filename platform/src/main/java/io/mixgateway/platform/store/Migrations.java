package io.mixgateway.platform.store;

import io.mixgateway.relay.catalog.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationVersion;
import org.postgresql.ds.PGSimpleDataSource;

/** The schema, brought to the form this release knows. Only forward; each migration whole or not at all. */
final class Migrations {
    private static final Duration SILENCE = Duration.ofMinutes(10);

    private Migrations() {}

    /**
     * Whether every migration of this release was run, and no other: what the build found in the history table after
     * running them is there now. Flyway would find the same, half a second later.
     */
    static boolean areDone(Connection connection) throws SQLException {
        try (InputStream expected = Migrations.class.getResourceAsStream("/db/migrations-done")) {
            return expected != null
                    && history(connection).equals(new String(expected.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The migrations that were run with their checksums, one a line; nothing for a database that has no history. */
    static String history(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("select to_regclass('flyway_schema_history') is not null")) {
            rows.next();
            if (!rows.getBoolean(1)) {
                return "";
            }
        }
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("select coalesce(string_agg(concat_ws(' ', version, script, checksum,"
                        + " success), E'\\n' order by installed_rank), '') from flyway_schema_history")) {
            rows.next();
            return rows.getString(1);
        }
    }

    /** @param location where the scripts are, {@code classpath:…} or {@code filesystem:…} */
    static void run(DatabaseUrl url, String location) {
        var flyway = Flyway.configure(Migrations.class.getClassLoader())
                .dataSource(source(url))
                .locations(location)
                .cleanDisabled(true)
                .validateMigrationNaming(true)
                .loggers("slf4j")
                .load();
        try {
            var done = flyway.migrate();
            refuseNewer(url, flyway, done.targetSchemaVersion);
        } catch (FlywayException e) {
            throw new StartRefused(
                    "The schema of " + url + " cannot be brought up to date: " + reason(e)
                            + " Restore a backup, or start the release that wrote it.",
                    e);
        }
    }

    private static void refuseNewer(
            DatabaseUrl url, Flyway flyway, @org.jspecify.annotations.Nullable String migratedTo) {
        if (migratedTo != null) {
            return; // something was to do here, so nothing newer was there
        }
        var info = flyway.info();
        var current = info.current();
        var known = MigrationVersion.EMPTY;
        for (var migration : info.all()) {
            if (migration.getState().isResolved() && migration.getVersion().compareTo(known) > 0) {
                known = migration.getVersion();
            }
        }
        if (current != null && current.getVersion().compareTo(known) > 0) {
            throw new StartRefused("The schema of " + url + " is of a newer release (" + current.getVersion()
                    + ", this one knows " + known + "): start that release, or restore a backup.");
        }
    }

    /** Flyway's first line says what it tried, and one further down what PostgreSQL said to that. */
    private static String reason(FlywayException e) {
        var lines = String.valueOf(e.getMessage())
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        var reason = new StringBuilder(lines.isEmpty() ? "no reason given" : lines.getFirst());
        lines.stream()
                .filter(line -> line.startsWith("Message"))
                .findFirst()
                .ifPresent(line -> reason.append(", ").append(line.replaceFirst("^Message *: *", "")));
        return reason.toString();
    }

    private static DataSource source(DatabaseUrl url) {
        var source = new PGSimpleDataSource();
        source.setUrl(url.jdbc());
        url.user().ifPresent(source::setUser);
        url.password().map(Secret::reveal).ifPresent(source::setPassword);
        Properties properties = Connections.properties(url, "mixgateway-migrations", SILENCE);
        try {
            for (String name : properties.stringPropertyNames()) {
                source.setProperty(name, properties.getProperty(name));
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the driver does not know a property of ours", e);
        }
        return source;
    }
}
