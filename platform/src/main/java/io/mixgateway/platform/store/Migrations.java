package io.mixgateway.platform.store;

import io.mixgateway.relay.catalog.Secret;
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
                    "The schema of " + url + " cannot be brought up to date: " + firstLine(e)
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

    private static String firstLine(FlywayException e) {
        String message = String.valueOf(e.getMessage());
        return message.lines().filter(line -> !line.isBlank()).findFirst().orElse("no reason given");
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
        } catch (java.sql.SQLException e) {
            throw new IllegalStateException("the driver does not know a property of ours", e);
        }
        return source;
    }
}
