package io.mixgateway.platform.store;

import static io.mixgateway.platform.db.Tables.INSTALLATION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class DatabaseIT {
    private static final TestDatabase STORE = TestDatabase.fresh();

    @AfterAll
    static void drop() {
        STORE.close();
    }

    @Test
    void rollsBackWhatThrows() {
        // When
        assertThatThrownBy(() -> STORE.database().execute(Pool.JOBS, tx -> {
                    tx.update(INSTALLATION).set(INSTALLATION.KEY_EPOCH, 99L).execute();
                    throw new IllegalStateException("no");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no");

        // Then
        assertThat(STORE.database().dsl(Pool.JOBS).fetchValue(INSTALLATION.KEY_EPOCH))
                .isZero();
    }

    @Test
    void endsAStatementThatTakesTooLong() {
        // When
        long started = System.nanoTime();
        assertThatThrownBy(() -> STORE.database().dsl(Pool.AUTH).execute("select pg_sleep(60)"))
                .isInstanceOf(DataAccessException.class);

        // Then
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void hearsOtherNodesAndLooksAgainAfterABreak() {
        // Given
        try (var other = STORE.connect()) {
            List<String> heard = new CopyOnWriteArrayList<>();
            STORE.database().onNotify("Some channel", heard::add);
            await().atMost(Duration.ofSeconds(5)).until(() -> heard.contains(""));

            // When
            other.execute(Pool.JOBS, tx -> Database.notify(tx, "Some channel", "hello"));

            // Then
            await().atMost(Duration.ofSeconds(2)).until(() -> heard.contains("hello"));

            // When the server ends the connection
            heard.clear();
            other.dsl(Pool.JOBS)
                    .execute("select pg_terminate_backend(pid) from pg_stat_activity"
                            + " where application_name = 'mixgateway-news' and datname = current_database()");

            // Then
            await().atMost(Duration.ofSeconds(5)).until(() -> heard.contains(""));
        }
    }

    @Test
    void refusesToStartWithoutRepeatingThePassword() {
        // Given
        var right = STORE.url();
        var wrong = new DatabaseUrl(
                right.hosts(),
                right.database(),
                right.user(),
                Optional.of(new io.mixgateway.relay.catalog.Secret("hunter2secret")),
                Map.of());
        var nowhere = DatabaseUrl.parse("postgres://me:hunter2secret@127.0.0.1:1/db");

        // Then
        assertThatThrownBy(() -> Database.connect(wrong))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("refuses this user or password")
                .hasStackTraceContaining("password")
                .satisfies(e -> assertThat(stackTrace(e)).doesNotContain("hunter2secret"));
        assertThatThrownBy(() -> Database.connect(nowhere))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("does not answer")
                .satisfies(e -> assertThat(stackTrace(e)).doesNotContain("hunter2secret"));
        assertThatThrownBy(() -> Database.connect(right.withDatabase("absent")))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("does not exist");
    }

    @Test
    void migratesAnExternalDatabaseOnceWhateverTheFormOfItsUrl() throws Exception {
        // Given
        var empty = TestDatabase.empty();
        var password = empty.password().orElseThrow().reveal();
        var url = DatabaseUrl.parse("postgres://" + empty.user().orElseThrow() + ":" + password + "@" + empty.hosts()
                + "/" + empty.database() + "?sslmode=disable");
        var jdbc = DatabaseUrl.parse(empty.jdbc() + "&user=" + empty.user().orElseThrow() + "&password=" + password);

        // When
        Database.connect(url).close();

        // Then the next start has nothing to do
        try (var connection = Connections.open(jdbc, "test", Duration.ofSeconds(5))) {
            assertThat(Migrations.areDone(connection)).isTrue();
        }
        try (var database = Database.connect(jdbc)) {
            assertThat(database.dsl(Pool.PAGES).fetchCount(INSTALLATION)).isEqualTo(1);
        }
    }

    @Test
    void saysWhatPostgresSaidWhenTheSchemaCannotBeMade() throws Exception {
        // Given
        var empty = TestDatabase.empty();
        try (var connection = Connections.open(empty, "test", Duration.ofSeconds(5));
                var statement = connection.createStatement()) {
            statement.execute("create table api_key (somebody_elses int)");
        }

        // Then
        assertThatThrownBy(() -> Database.connect(empty))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("cannot be brought up to date")
                .hasMessageContaining("non-empty schema");
    }

    @Test
    void refusesASchemaOfANewerRelease() {
        // Given
        try (var store = TestDatabase.fresh()) {
            store.database()
                    .dsl(Pool.JOBS)
                    .execute(
                            "insert into flyway_schema_history"
                                    + " (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success)"
                                    + " values (999, '999', 'of the future', 'SQL', 'V999__of_the_future.sql', 1, 'x', 1, true)");

            // Then
            assertThatThrownBy(() -> Database.connect(store.url()))
                    .isInstanceOf(StartRefused.class)
                    .hasMessageContaining("newer release (999");
        }
    }

    private static String stackTrace(Throwable e) {
        var text = new java.io.StringWriter();
        e.printStackTrace(new java.io.PrintWriter(text));
        return text.toString();
    }
}
