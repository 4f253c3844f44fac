package io.mixgateway.platform.store;

import io.mixgateway.relay.catalog.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of one PostgreSQL: made once, whole or not at all, with a password of their own. Whoever calls holds {@link
 * DataDir#postgresLock()}.
 */
final class Cluster {
    /** The role that owns everything in it. */
    static final String USER = "mixgateway";

    /** The database that is ours. */
    static final String DATABASE = "mixgateway";

    private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);
    private static final int PASSWORD_LENGTH = 43;
    private static final long ROOM_TO_MAKE = 200_000_000;
    private static final long ROOM_TO_START = 50_000_000;

    private final DataDir dir;

    Cluster(DataDir dir) {
        this.dir = dir;
    }

    /**
     * Makes the files where there are none.
     *
     * @return as whom the server must run on them
     * @throws StartRefused when they are of another PostgreSQL, or there is no room
     */
    ServerUser ready(PostgresBinaries binaries) throws IOException {
        var data = dir.postgresData();
        boolean there = Files.exists(data);
        long room = Files.getFileStore(dir.postgres()).getUsableSpace();
        if (room < (there ? ROOM_TO_START : ROOM_TO_MAKE)) {
            throw new StartRefused("The disk of " + dir + " is full (" + room / 1_000_000 + " MB left, "
                    + (there ? ROOM_TO_START : ROOM_TO_MAKE) / 1_000_000
                    + " MB needed): make room, or give another folder with --data DIR.");
        }
        if (!there) {
            return make(binaries, data);
        }
        var version = version(data);
        if (!version.equals(Integer.toString(PostgresBinaries.MAJOR))) {
            throw new StartRefused("The data in " + dir + " was made by PostgreSQL " + version
                    + ", and this release brings " + PostgresBinaries.MAJOR
                    + ": start the release that made it, or restore a backup into a new --data DIR.");
        }
        if (!Files.exists(passwordFile())) {
            throw new StartRefused("The file " + passwordFile() + " is gone, and without it nobody can log in to the"
                    + " database beside it: restore it from a backup.");
        }
        return ServerUser.owning(data);
    }

    private static String version(Path data) throws IOException {
        try {
            return Files.readString(data.resolve("PG_VERSION")).strip();
        } catch (java.nio.file.NoSuchFileException _) {
            return "(unknown: PG_VERSION is missing)";
        }
    }

    private ServerUser make(PostgresBinaries binaries, Path data) throws IOException {
        LOG.info("Making the database in {}", data);
        var user = ServerUser.forNewData(dir.postgres(), binaries);
        var fresh = dir.postgres().resolve("data.new");
        // What a start that was cut off left behind, initdb among it, which tidies up when it is stopped.
        Leftover.stop(dir.postgres());
        Leftover.stop(fresh);
        Trees.delete(fresh);
        Files.createDirectory(fresh);
        DataDir.chmod(fresh, "rwx------");
        user.give(fresh);
        var forInitdb = dir.postgres().resolve("password.initdb");
        try {
            writePrivately(forInitdb, makePassword());
            user.give(forInitdb);
            run(
                    user,
                    List.of(
                            binaries.program("initdb"),
                            "--pgdata=" + fresh,
                            "--username=" + USER,
                            "--pwfile=" + forInitdb,
                            "--auth=scram-sha-256",
                            // Stretching helps short passwords; ours is random and long, and each connection would pay.
                            "--set=scram_iterations=1",
                            "--encoding=UTF8",
                            // Sorting by PostgreSQL itself: an upgrade of the system cannot spoil an index.
                            "--locale=C",
                            "--locale-provider=builtin",
                            "--builtin-locale=C.UTF-8",
                            "--no-instructions"),
                    "");
            run(
                    user,
                    List.of(binaries.program("postgres"), "--single", "-D", fresh.toString(), "template1"),
                    "create database " + DATABASE + "\n");
        } finally {
            Files.deleteIfExists(forInitdb);
        }
        Files.move(fresh, data, StandardCopyOption.ATOMIC_MOVE);
        return user;
    }

    private void run(ServerUser user, List<String> program, String input) throws IOException {
        var log = new ServerLog(dir.logs().resolve("postgres.log"));
        var process = new ProcessBuilder(user.command(program))
                .directory(dir.postgres().toFile())
                .redirectErrorStream(true)
                .start();
        try (var stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            LOG.debug("{} read no input", program.getFirst(), e);
        }
        log.copy(process.getInputStream());
        try {
            if (process.waitFor() != 0) {
                throw explain(log, dir);
            }
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new StartRefused("Stopped while the database was being made.");
        }
    }

    /** What PostgreSQL's last words mean for the operator. */
    static StartRefused explain(ServerLog log, DataDir dir) {
        var file = dir.logs().resolve("postgres.log");
        if (log.says("No space left on device")) {
            return new StartRefused(
                    "The disk of " + dir + " is full: make room, or give another folder with --data" + " DIR.");
        }
        if (log.says("Permission denied") || log.says("could not access directory")) {
            return new StartRefused("PostgreSQL may not enter " + dir.postgres() + ": let others pass through every"
                    + " folder above it (chmod o+x), or give another folder with --data DIR; see " + file + ".");
        }
        if (log.says("cannot execute") || log.says("not found")) {
            return new StartRefused("PostgreSQL does not run on this system (" + log.complaint()
                    + "): give it a PostgreSQL 15 or newer with --database-url.");
        }
        return new StartRefused("PostgreSQL did not start: " + log.complaint() + "; see " + file + ".");
    }

    private String makePassword() throws IOException {
        if (!Files.exists(passwordFile())) {
            var partial = passwordFile().resolveSibling("password.new");
            Files.deleteIfExists(partial);
            writePrivately(partial, RandomText.base62(PASSWORD_LENGTH));
            Files.move(partial, passwordFile(), StandardCopyOption.ATOMIC_MOVE);
        }
        return password().reveal();
    }

    private static void writePrivately(Path file, String text) throws IOException {
        Files.deleteIfExists(file);
        var attributes = new ArrayList<java.nio.file.attribute.FileAttribute<?>>();
        if (DataDir.POSIX) {
            attributes.add(java.nio.file.attribute.PosixFilePermissions.asFileAttribute(
                    java.nio.file.attribute.PosixFilePermissions.fromString("rw-------")));
        }
        Files.createFile(file, attributes.toArray(java.nio.file.attribute.FileAttribute<?>[]::new));
        Files.writeString(file, text);
    }

    private Path passwordFile() {
        return dir.postgres().resolve("password");
    }

    private Secret password() throws IOException {
        return new Secret(Files.readString(passwordFile()).strip());
    }

    /** How to reach the server of these files. */
    DatabaseUrl url(int port) throws IOException {
        return new DatabaseUrl(
                "127.0.0.1:" + port,
                DATABASE,
                java.util.Optional.of(USER),
                java.util.Optional.of(password()),
                java.util.Map.of("sslmode", "disable"));
    }
}
