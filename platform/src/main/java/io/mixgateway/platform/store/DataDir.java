package io.mixgateway.platform.store;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The one folder that holds what a gateway keeps: what lies where in it, and who may serve from it.
 *
 * <pre>
 * DIR/mixgateway.lock     held by the process that serves
 * DIR/postgres/lock       held by the process that runs PostgreSQL, a server or a command
 * DIR/postgres/data       PostgreSQL's own
 * DIR/postgres/password   0600
 * DIR/postgres/port       where it listens, kept between starts
 * DIR/logs                postgres.log and postgres.log.1
 * </pre>
 */
public final class DataDir {
    static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private final Path root;

    private DataDir(Path root) {
        this.root = root;
    }

    /**
     * Opens the folder, and makes it where it is missing.
     *
     * @throws StartRefused when it cannot be made or written to
     */
    public static DataDir open(Path path) {
        var root = requireNonNull(path, "path").toAbsolutePath().normalize();
        try {
            // Traversable for the unprivileged user that PostgreSQL runs as when we are root; each file
            // inside that is nobody else's business has its own mode.
            if (!Files.isDirectory(root)) {
                Files.createDirectories(root);
                chmod(root, "rwx--x--x");
            }
            var dir = new DataDir(root.toRealPath());
            make(dir.postgres(), "rwx--x--x");
            make(dir.logs(), "rwx------");
            if (!Files.isWritable(dir.root) || !Files.isWritable(dir.postgres())) {
                throw new StartRefused(notWritable(root));
            }
            return dir;
        } catch (IOException e) {
            throw new StartRefused(notWritable(root), e);
        }
    }

    private static String notWritable(Path root) {
        return "Cannot write to the data folder " + root + ": make it writable for this user, or give another with"
                + " --data DIR.";
    }

    private static void make(Path folder, String mode) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder);
            chmod(folder, mode);
        }
    }

    static void chmod(Path path, String mode) throws IOException {
        if (POSIX) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
        }
    }

    /**
     * Makes this process the one that serves from this folder, until the lock is closed or the process ends.
     *
     * @throws StartRefused when another process serves from it
     */
    public HeldLock lockForServing() {
        var file = root.resolve("mixgateway.lock");
        return HeldLock.tryTake(file)
                .orElseThrow(() -> new StartRefused("The data folder " + root + " is served by " + HeldLock.holder(file)
                        + " already: stop that one first, or give another folder with --data DIR."));
    }

    /** The folder itself, absolute. */
    public Path path() {
        return root;
    }

    /** Where log files go. */
    public Path logs() {
        return root.resolve("logs");
    }

    Path postgres() {
        return root.resolve("postgres");
    }

    Path postgresLock() {
        return postgres().resolve("lock");
    }

    Path postgresData() {
        return postgres().resolve("data");
    }

    @Override
    public String toString() {
        return root.toString();
    }
}
