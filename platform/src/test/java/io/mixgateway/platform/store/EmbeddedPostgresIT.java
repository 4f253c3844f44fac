package io.mixgateway.platform.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Real processes: each test has a data folder and ends what it started. */
class EmbeddedPostgresIT {
    private final List<Process> children = new ArrayList<>();
    private Path folder = Path.of("not yet");

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createTempDirectory("mixgateway-postgres-");
        DataDir.chmod(folder, "rwx--x--x");
    }

    @AfterEach
    void endAll() throws Exception {
        for (Process child : children) {
            child.destroyForcibly().waitFor();
        }
        var data = dir().postgresData();
        await().atMost(Duration.ofSeconds(20))
                .until(() ->
                        PostmasterFile.read(data).filter(PostmasterFile::alive).isEmpty());
        Trees.delete(folder);
    }

    private DataDir dir() {
        return DataDir.open(folder.resolve("data"));
    }

    private static Connection connect(EmbeddedPostgres postgres) throws SQLException {
        return Connections.open(postgres.url(), "test", Duration.ofSeconds(10));
    }

    private static void execute(EmbeddedPostgres postgres, String sql) throws SQLException {
        try (var connection = connect(postgres);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String ask(EmbeddedPostgres postgres, String sql) throws SQLException {
        try (var connection = connect(postgres);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Another program that runs the server and then waits for its end. */
    private Process serveElsewhere(String how) throws IOException {
        var child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Elsewhere.class.getName(),
                        folder.resolve("data").toString(),
                        how)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        children.add(child);
        var lines = new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.equals("serving")) {
                return child;
            }
        }
        throw new IllegalStateException("the other program did not get ready");
    }

    /** See {@link #serveElsewhere}. */
    static final class Elsewhere {
        private Elsewhere() {}

        public static void main(String[] args) throws Exception {
            var dir = DataDir.open(Path.of(args[0]));
            var lock = dir.lockForServing();
            // Started by a thread that ends before the program does.
            var postgres = CompletableFuture.supplyAsync(() -> EmbeddedPostgres.start(dir))
                    .join();
            execute(postgres, "create table if not exists kept (word text)");
            execute(postgres, "insert into kept values ('kept')");
            System.out.println("serving");
            if (args[1].equals("halt")) {
                Runtime.getRuntime().halt(9);
            }
            Thread.sleep(Duration.ofMinutes(5));
            postgres.close();
            lock.close();
        }
    }

    @Test
    void keepsWhatItWasGivenAndAsksForAPassword() throws Exception {
        // Given
        try (var postgres = EmbeddedPostgres.start(dir())) {
            execute(postgres, "create table kept (word text)");
            execute(postgres, "insert into kept values ('kept')");
        }

        // When
        long started = System.nanoTime();
        try (var postgres = EmbeddedPostgres.start(dir())) {
            System.out.println("second start: "
                    + Duration.ofNanos(System.nanoTime() - started).toMillis() + " ms");

            // Then
            assertThat(ask(postgres, "select word from kept")).isEqualTo("kept");
            assertThat(ask(postgres, "show fsync")).isEqualTo("on");
            assertThat(ask(postgres, "show listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(ask(postgres, "select reset_val from pg_settings where name = 'log_timezone'"))
                    .isEqualTo("UTC");
            assertThat(postgres.attached()).isFalse();
            assertThat(postgres.url().toString())
                    .doesNotContain(postgres.url().password().orElseThrow().reveal());
            var url = postgres.url();
            assertThatThrownBy(() -> Connections.open(
                            new DatabaseUrl(url.hosts(), url.database(), url.user(), Optional.empty(), Map.of()),
                            "test",
                            Duration.ofSeconds(5)))
                    .isInstanceOf(SQLException.class);
        }
        if (DataDir.POSIX) {
            assertThat(Files.getPosixFilePermissions(dir().postgres().resolve("password")))
                    .hasSize(2);
        }
        assertThat(Files.readString(dir().logs().resolve("postgres.log"))).contains("ready to accept connections");
    }

    @Test
    void endsWithAProgramThatIsHaltedAndStartsAgain() throws Exception {
        // When
        var child = serveElsewhere("halt");
        child.waitFor();

        // Then
        var left = PostmasterFile.read(dir().postgresData());
        await().atMost(Duration.ofSeconds(10))
                .until(() -> left.filter(PostmasterFile::alive).isEmpty());
        try (var postgres = EmbeddedPostgres.start(dir())) {
            assertThat(ask(postgres, "select word from kept")).isEqualTo("kept");
        }
    }

    @Test
    void startsAgainAfterEverythingWasKilled() throws Exception {
        // Given
        var child = serveElsewhere("wait");
        var server = PostmasterFile.read(dir().postgresData()).orElseThrow();

        // When
        ProcessHandle.of(server.pid()).orElseThrow().destroyForcibly();
        child.destroyForcibly().waitFor();

        // Then
        try (var postgres = EmbeddedPostgres.start(dir())) {
            assertThat(ask(postgres, "select word from kept")).isEqualTo("kept");
        }
    }

    @Test
    void isNotTakenInByAProcessNumberThatAnotherProgramHasNow() throws Exception {
        // Given
        try (var postgres = EmbeddedPostgres.start(dir())) {
            execute(postgres, "create table kept (word text)");
        }
        Files.writeString(
                PostmasterFile.in(dir().postgresData()),
                ProcessHandle.current().pid() + "\n" + dir().postgresData() + "\n1\n5432\n\n127.0.0.1\n  1 1\nready\n");

        // Then
        try (var postgres = EmbeddedPostgres.start(dir())) {
            assertThat(ask(postgres, "select count(*) from kept")).isEqualTo("0");
        }
    }

    @Test
    void letsOneProcessServeAndOthersConnect() throws Exception {
        // Given
        var child = serveElsewhere("wait");

        // Then
        assertThatThrownBy(() -> dir().lockForServing())
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("is served by process " + child.pid());
        try (var postgres = EmbeddedPostgres.attachOrStart(dir())) {
            assertThat(postgres.attached()).isTrue();
            assertThat(ask(postgres, "select word from kept")).isEqualTo("kept");
        }
        try (var postgres = EmbeddedPostgres.attachOrStart(dir())) {
            assertThat(postgres.attached()).as("it still runs").isTrue();
        }
    }

    @Test
    void letsOneInThisProcessServe() {
        try (var lock = dir().lockForServing()) {
            assertThat(lock).isNotNull();
            assertThatThrownBy(() -> dir().lockForServing())
                    .isInstanceOf(StartRefused.class)
                    .hasMessageContaining("this process");
        }
        dir().lockForServing().close();
    }

    @Test
    void waitsForACommandThenTakesOver() throws Exception {
        // Given a command that runs the server, and another that came along
        var command = EmbeddedPostgres.attachOrStart(dir());
        assertThat(command.attached()).isFalse();
        var another = EmbeddedPostgres.attachOrStart(dir());
        assertThat(another.attached()).isTrue();
        var busy = connect(another);

        // When
        var server = CompletableFuture.supplyAsync(() -> EmbeddedPostgres.start(dir()), Thread::startVirtualThread);
        var ended = CompletableFuture.runAsync(command::close, Thread::startVirtualThread);
        Thread.sleep(300);

        // Then it goes on for the one that came along
        assertThat(ended).isNotDone();
        assertThat(server).isNotDone();
        assertThat(busy.isValid(2)).isTrue();
        busy.close();
        another.close();
        ended.join();
        try (var postgres = server.join()) {
            assertThat(ask(postgres, "select 1")).isEqualTo("1");
        }
    }

    @Test
    void worksWhereOthersMayNotEnter() throws Exception {
        // Given, as /root is
        DataDir.chmod(folder, "rwx------");

        // Then
        try (var postgres = EmbeddedPostgres.start(dir())) {
            assertThat(ask(postgres, "select 1")).isEqualTo("1");
        }
        try (var postgres = EmbeddedPostgres.start(dir())) {
            assertThat(ask(postgres, "select 1")).isEqualTo("1");
        }
    }

    @Test
    void takesAnotherPortWhenItsOwnIsTaken() throws Exception {
        // Given
        int port;
        try (var postgres = EmbeddedPostgres.start(dir())) {
            port = Integer.parseInt(ask(postgres, "show port"));
        }
        try (var postgres = EmbeddedPostgres.start(dir())) {
            assertThat(ask(postgres, "show port")).isEqualTo(Integer.toString(port));
        }

        // When
        try (var taken = new ServerSocket()) {
            taken.setReuseAddress(true);
            taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            try (var postgres = EmbeddedPostgres.start(dir())) {
                // Then
                assertThat(ask(postgres, "show port")).isNotEqualTo(Integer.toString(port));
            }
        }
    }

    @Test
    void refusesDataOfAnotherRelease() throws Exception {
        // Given
        EmbeddedPostgres.start(dir()).close();
        var version = dir().postgresData().resolve("PG_VERSION");
        Files.writeString(version, "19\n");

        // Then
        assertThatThrownBy(() -> EmbeddedPostgres.start(dir()))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("made by PostgreSQL 19, and this release brings 18");

        // When
        Files.writeString(version, "18\n");
        Files.delete(dir().postgres().resolve("password"));

        // Then
        assertThatThrownBy(() -> EmbeddedPostgres.start(dir()))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("password is gone");
    }

    @Test
    void refusesAFolderItCannotWrite() throws Exception {
        // Given
        var file = Files.createFile(folder.resolve("file"));

        // Then
        assertThatThrownBy(() -> DataDir.open(file.resolve("data")))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("Cannot write to the data folder");
    }

    @Test
    void stopsWithTheProgramAlsoWhereTheKernelDoesNotSeeToIt() throws Exception {
        // Given a server started as on a system without a death signal
        var binaries = PostgresBinaries.unpacked(dir().postgres().resolve("programs"));
        var user = new Cluster(dir()).ready(binaries);
        var front = user.front().stream()
                .filter(word -> !word.startsWith("--pdeathsig"))
                .toList();
        if (front.getLast().equals("setpriv")) {
            front = front.subList(0, front.size() - 1);
        }
        var plain = new ServerUser(front, false, user.files());
        var server = PostgresServer.start(
                binaries,
                plain,
                dir().postgresData(),
                dir().logs().resolve("postgres.log"),
                Map.of("listen_addresses", "127.0.0.1", "unix_socket_directories", "", "port", "" + freePort()));

        // When its watcher's pipe closes, as it does when this program dies
        server.unwatch();

        // Then
        server.exit().get(30, TimeUnit.SECONDS);
    }
}
