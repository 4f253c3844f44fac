package io.mixgateway.platform.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a killed program, or a killed server, can leave running on its data, and starts that must succeed all the same. */
class LeftoverIT {
    private static final Duration SHORT_PATIENCE = Duration.ofSeconds(1);

    private Path folder = Path.of("not yet");

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createTempDirectory("mixgateway-leftover-");
        DataDir.chmod(folder, "rwx--x--x");
    }

    @AfterEach
    void endAll() throws IOException {
        for (var dir : List.of(dir(), other())) {
            if (Files.exists(dir.postgresData())) {
                Leftover.stop(dir.postgresData(), SHORT_PATIENCE);
            }
        }
        Trees.delete(folder);
    }

    private DataDir dir() {
        return DataDir.open(folder.resolve("data"));
    }

    private DataDir other() {
        return DataDir.open(folder.resolve("other"));
    }

    /** A server that nothing ends when its program goes: as if the program had died in the moment before that was seen to. */
    private static PostgresServer orphan(DataDir dir) throws IOException, PostgresServer.Died {
        var binaries = PostgresBinaries.unpacked(dir.postgres().resolve("programs"));
        return PostgresServer.start(
                binaries,
                unseen(new Cluster(dir).ready(binaries)),
                dir.postgresData(),
                dir.logs().resolve("postgres.log"),
                Map.of("listen_addresses", "127.0.0.1", "unix_socket_directories", "", "port", "" + freePort()));
    }

    private static ServerUser unseen(ServerUser user) {
        var front = user.front().stream()
                .filter(word -> !word.startsWith("--pdeathsig"))
                .toList();
        if (front.getLast().equals("setpriv")) {
            front = front.subList(0, front.size() - 1);
        }
        return new ServerUser(front, false, user.files());
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String ask(EmbeddedPostgres postgres, String sql) throws SQLException {
        try (var connection = Connections.open(postgres.url(), "test", Duration.ofSeconds(10));
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static void startsAndAnswers(DataDir dir) throws SQLException {
        try (var postgres = EmbeddedPostgres.start(dir)) {
            assertThat(ask(postgres, "select 1")).isEqualTo("1");
            assertThat(Leftover.processes(dir.postgresData()))
                    .as("servers")
                    .filteredOn(process -> process.pid() == postgres.pid())
                    .hasSize(1);
        }
    }

    @Test
    void endsAServerWhoseNoteIsStillEmptyOrMissing() throws Exception {
        var server = orphan(dir());
        Files.writeString(PostmasterFile.in(dir().postgresData()), "");
        startsAndAnswers(dir());
        assertThat(server.exit()).succeedsWithin(SHORT_PATIENCE);

        var another = orphan(dir());
        Files.delete(PostmasterFile.in(dir().postgresData()));
        startsAndAnswers(dir());
        assertThat(another.exit()).succeedsWithin(SHORT_PATIENCE);
    }

    @Test
    void startsWhileAnOrphanIsOnItsWay() throws Exception {
        EmbeddedPostgres.start(dir()).close();
        var random = new Random(4);
        for (int i = 0; i < 8; i++) {
            // Given one that died at once, or comes up just now
            var orphan = CompletableFuture.supplyAsync(() -> {
                try {
                    return orphan(dir()).pid();
                } catch (PostgresServer.Died | StartRefused | IOException lost) {
                    return 0L;
                }
            });
            TimeUnit.MILLISECONDS.sleep(random.nextInt(120));

            // Then
            startsAndAnswers(dir());
            orphan.join();
        }
    }

    @Test
    void leavesAnotherPostgresAloneThatHasTheProcessNumberNow() throws Exception {
        try (var another = EmbeddedPostgres.start(other())) {
            // Given
            EmbeddedPostgres.start(dir()).close();
            var children =
                    ProcessHandle.of(another.pid()).orElseThrow().children().toList();
            for (long pid : List.of(another.pid(), children.getFirst().pid())) {
                Files.writeString(
                        PostmasterFile.in(dir().postgresData()),
                        pid + "\n" + dir().postgresData() + "\n1\n5432\n\n127.0.0.1\n  1 1\nready\n");

                // When
                startsAndAnswers(dir());

                // Then
                assertThat(ask(another, "select 1")).isEqualTo("1");
                assertThat(children).allMatch(ProcessHandle::isAlive);
            }
        }
    }

    @Test
    void endsABackendThatWorksOnAfterItsServerWasKilled() throws Exception {
        // Given one that looks up from nothing
        var postgres = EmbeddedPostgres.start(dir());
        var busy = Connections.open(postgres.url(), "test", Duration.ofSeconds(10));
        var loop = CompletableFuture.runAsync(() -> {
            try (var statement = busy.createStatement()) {
                statement.execute("do $$ begin loop end loop; end $$");
            } catch (SQLException _) {
                // Its end.
            }
        });
        await().until(() -> ask(postgres, "select count(*) from pg_stat_activity where query like 'do %'")
                .equals("1"));

        // When
        ProcessHandle.of(postgres.pid()).orElseThrow().destroyForcibly();
        postgres.close();
        await().until(() -> Leftover.processes(dir().postgresData()).size() == 1);

        // Then
        startsAndAnswers(dir());
        loop.join();
        busy.close();
    }

    @Test
    void endsAServerThatHangs() throws Exception {
        // Given a child that does not listen
        var server = orphan(dir());
        var child = ProcessHandle.of(server.pid())
                .orElseThrow()
                .children()
                .findFirst()
                .orElseThrow();
        signal("STOP", child.pid());

        // When
        Leftover.stop(dir().postgresData(), SHORT_PATIENCE);

        // Then
        assertThat(Leftover.processes(dir().postgresData())).isEmpty();
        assertThat(PostmasterFile.in(dir().postgresData())).doesNotExist();

        // Given a server that does not
        var frozen = orphan(dir());
        signal("STOP", frozen.pid());

        // When
        Leftover.stop(dir().postgresData(), SHORT_PATIENCE);

        // Then
        startsAndAnswers(dir());
    }

    @Test
    void startsAfterInitdbWasCutOff() throws Exception {
        for (int i = 0; i < 4; i++) {
            // Given
            var binaries = PostgresBinaries.unpacked(dir().postgres().resolve("programs"));
            var user = unseen(ServerUser.forNewData(dir().postgres(), binaries));
            var fresh = Files.createDirectories(dir().postgres().resolve("data.new"));
            DataDir.chmod(fresh, "rwx------");
            user.give(fresh);
            var initdb = new ProcessBuilder(user.command(
                            List.of(binaries.program("initdb"), "--pgdata=" + fresh, "--username=somebody")))
                    .directory(dir().postgres().toFile())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            TimeUnit.MILLISECONDS.sleep(30 + 170 * i);

            // Then
            startsAndAnswers(dir());
            assertThat(initdb.isAlive()).isFalse();
            Trees.delete(folder.resolve("data"));
        }
    }

    @Test
    void doesNotOutliveAProgramThatDiedBeforeItsDeathWasWatched() throws Exception {
        var user = ServerUser.forNewData(
                dir().postgres(), PostgresBinaries.unpacked(dir().postgres().resolve("programs")));
        assertThat(said(user.command(List.of("echo", "started")))).isEqualTo("started\n");
        if (user.diesWithUs()) {
            assertThat(said(user.command(List.of("echo", "started"), 1))).isEmpty();
        }
    }

    private static String said(List<String> command) throws IOException {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static void signal(String name, long pid) throws Exception {
        new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + pid).start().waitFor();
    }
}
