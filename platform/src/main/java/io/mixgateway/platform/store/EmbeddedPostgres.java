package io.mixgateway.platform.store;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Our own PostgreSQL in the data folder. It listens on 127.0.0.1 only, asks for a password, writes through to the disk,
 * and ends when this program ends, also by a kill -9.
 *
 * <p>Who runs it, when several programs want the same data:
 *
 * <pre>
 * 1. Whoever holds DIR/postgres/lock runs the server and nobody else starts one. What runs without
 *    that lock being held was left by a program that died, and is stopped.
 * 2. `serve` takes the lock, waiting a moment for a command that has it, and keeps it to its end.
 * 3. A command connects to a running server; when there is none it takes the lock and runs one
 *    itself, and at its end waits for other commands that connected meanwhile.
 * </pre>
 */
public final class EmbeddedPostgres implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);
    private static final Duration LOCK_LIMIT = Duration.ofSeconds(20);
    private static final Duration LEFTOVER_LIMIT = Duration.ofSeconds(30);

    private static final long POLL_MILLIS = 10;
    private static final int PORT_TRIES = 5;

    /** What differs from PostgreSQL's own defaults. On the command line, so that a release can change it. */
    private static final Map<String, String> SETTINGS = Map.ofEntries(
            Map.entry("listen_addresses", "127.0.0.1"),
            Map.entry("unix_socket_directories", ""),
            Map.entry("max_connections", "100"),
            Map.entry("shared_buffers", "128MB"),
            Map.entry("timezone", "UTC"),
            Map.entry("log_timezone", "UTC"),
            Map.entry("lc_messages", "C"), // Cluster.explain reads them
            Map.entry("cluster_name", "mixgateway"),
            Map.entry("jit", "off"), // our statements are short
            Map.entry("log_checkpoints", "off"),
            // People's data is in statements and in the details of errors: neither is logged.
            Map.entry("log_min_error_statement", "panic"),
            Map.entry("log_error_verbosity", "terse"));

    /** For data that nobody will miss: tests, and the build. */
    static final Map<String, String> THROWAWAY = Map.of(
            "fsync", "off",
            "synchronous_commit", "off",
            "full_page_writes", "off",
            "wal_level", "minimal",
            "max_wal_senders", "0");

    private final DatabaseUrl url;
    private final @Nullable PostgresServer server;
    private final @Nullable HeldLock lock;
    private final boolean forOneCommand;

    private EmbeddedPostgres(
            DatabaseUrl url, @Nullable PostgresServer server, @Nullable HeldLock lock, boolean forOneCommand) {
        this.url = url;
        this.server = server;
        this.lock = lock;
        this.forOneCommand = forOneCommand;
    }

    /**
     * Starts the server on the data in {@code dir}, making it where there is none.
     *
     * @throws StartRefused when it cannot, with what to do
     */
    public static EmbeddedPostgres start(DataDir dir) {
        return start(dir, Map.of());
    }

    /** As {@link #start(DataDir)}, opening the folder first. */
    public static EmbeddedPostgres start(Path dir) {
        return start(DataDir.open(dir));
    }

    /** @param settings more settings, on top of ours */
    static EmbeddedPostgres start(DataDir dir, Map<String, String> settings) {
        long deadline = System.nanoTime() + LOCK_LIMIT.toNanos();
        while (true) {
            var lock = HeldLock.tryTake(dir.postgresLock());
            if (lock.isPresent()) {
                return run(dir, lock.get(), settings, false);
            }
            if (System.nanoTime() > deadline) {
                throw new StartRefused("PostgreSQL in " + dir + " is still run by "
                        + HeldLock.holder(dir.postgresLock()) + " after " + LOCK_LIMIT.toSeconds()
                        + " seconds: wait for that command to end, or stop it.");
            }
            pause();
        }
    }

    /**
     * For one command: connects to the server that runs on the data in {@code dir}, or runs one until {@link #close}.
     *
     * @throws StartRefused when neither can be done
     */
    public static EmbeddedPostgres attachOrStart(DataDir dir) {
        long deadline = System.nanoTime() + LOCK_LIMIT.toNanos();
        while (true) {
            var running = attach(dir);
            if (running.isPresent()) {
                return running.get();
            }
            var lock = HeldLock.tryTake(dir.postgresLock());
            if (lock.isPresent()) {
                return run(dir, lock.get(), Map.of(), true);
            }
            if (System.nanoTime() > deadline) {
                throw new StartRefused("PostgreSQL in " + dir + " is run by " + HeldLock.holder(dir.postgresLock())
                        + " but does not answer: see logs/postgres.log in the data folder, or stop that process.");
            }
            pause();
        }
    }

    private static Optional<EmbeddedPostgres> attach(DataDir dir) {
        var postmaster = PostmasterFile.read(dir.postgresData())
                .filter(PostmasterFile::ready)
                .filter(PostmasterFile::alive);
        if (postmaster.isEmpty()) {
            return Optional.empty();
        }
        try {
            var url = new Cluster(dir).url(postmaster.get().port());
            try (var _ = Connections.open(url, "mixgateway-attach", Duration.ofSeconds(5))) {
                return Optional.of(new EmbeddedPostgres(url, null, null, true));
            }
        } catch (SQLException | IOException e) {
            LOG.debug("The server on {} does not answer yet", dir, e);
            return Optional.empty();
        }
    }

    private static EmbeddedPostgres run(
            DataDir dir, HeldLock lock, Map<String, String> settings, boolean forOneCommand) {
        boolean running = false;
        try {
            var binaries = PostgresBinaries.unpacked(dir.postgres().resolve("programs"));
            var cluster = new Cluster(dir);
            var user = cluster.ready(binaries);
            Leftover.stop(dir.postgresData());
            var port = new int[1];
            var server = startOnFreePort(dir, binaries, user, settings, port);
            running = true;
            return new EmbeddedPostgres(cluster.url(port[0]), server, lock, forOneCommand);
        } catch (IOException e) {
            throw new StartRefused(
                    "PostgreSQL cannot be started in " + dir + " (" + e.getMessage()
                            + "): check that this user may read and write everything in it.",
                    e);
        } finally {
            if (!running) {
                lock.close();
            }
        }
    }

    private static PostgresServer startOnFreePort(
            DataDir dir, PostgresBinaries binaries, ServerUser user, Map<String, String> more, int[] port)
            throws IOException {
        long deadline = System.nanoTime() + LEFTOVER_LIMIT.toNanos();
        for (int tries = 1; ; tries++) {
            port[0] = freePort(dir);
            var settings = new LinkedHashMap<>(SETTINGS);
            settings.putAll(more);
            settings.put("port", Integer.toString(port[0]));
            try {
                return PostgresServer.start(
                        binaries, user, dir.postgresData(), dir.logs().resolve("postgres.log"), settings);
            } catch (PostgresServer.Died died) {
                boolean portTaken =
                        died.log().says("could not bind") || died.log().says("Address already in use");
                // Another was on its way to the data when we looked, or its children are.
                boolean anotherLeft = (died.log().says("pre-existing shared memory block")
                                || died.log().says("lock file \"postmaster.pid\""))
                        && System.nanoTime() < deadline;
                if (!(portTaken && tries < PORT_TRIES) && !anotherLeft) {
                    throw Cluster.explain(died.log(), dir);
                }
                pause();
                Leftover.stop(dir.postgresData());
            }
        }
    }

    /** The port of the last start when nobody has it now, so that other tools find the server again; else any free one. */
    private static int freePort(DataDir dir) throws IOException {
        var file = dir.postgres().resolve("port");
        int last = 0;
        try {
            last = Integer.parseInt(Files.readString(file).strip());
        } catch (IOException | NumberFormatException _) {
            LOG.debug("No port of an earlier start in {}", file);
        }
        int port = last > 0 && isFree(last) ? last : anyFree();
        if (port != last) {
            Files.writeString(file, Integer.toString(port));
        }
        return port;
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    private static int anyFree() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Between two looks at a server that comes up or ends. */
    static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new StartRefused("Stopped while waiting for PostgreSQL.");
        }
    }

    /** How to reach it, password included. */
    public DatabaseUrl url() {
        return url;
    }

    /** Whether somebody else runs the server and we only connected to it. */
    public boolean attached() {
        return server == null;
    }

    /** Completes when a server that we run has ended, whoever ended it; never when we are only attached. */
    public CompletionStage<?> ended() {
        return server == null ? new CompletableFuture<>() : server.exit();
    }

    /** The server's process, when it is ours; for tests. */
    long pid() {
        if (server == null) {
            throw new IllegalStateException("only attached");
        }
        return server.pid();
    }

    /** Stops the server if it is ours. Close every {@link Database} on it first. */
    @Override
    public void close() {
        try {
            if (server != null) {
                server.stop(forOneCommand);
            }
        } finally {
            if (lock != null) {
                lock.close();
            }
        }
    }
}
