package io.mixgateway.platform.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A lock on a file, held by at most one process, that the system lets go of when the process dies. The file holds the
 * holder's process id, for messages only.
 */
public final class HeldLock implements AutoCloseable {
    // Closing any channel on a file drops every lock this process has on it (POSIX), so a lock that we hold
    // ourselves is refused before the file is opened a second time.
    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;

    private HeldLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Takes the lock if nobody has it.
     *
     * @throws StartRefused when the file cannot be written
     */
    static Optional<HeldLock> tryTake(Path path) {
        var file = path.toAbsolutePath().normalize();
        if (!HELD_HERE.add(file)) {
            return Optional.empty();
        }
        FileChannel channel = null;
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.tryLock() == null) {
                channel.close();
                HELD_HERE.remove(file);
                return Optional.empty();
            }
            channel.truncate(0);
            var pid = Long.toString(ProcessHandle.current().pid());
            channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)), 0);
            return Optional.of(new HeldLock(file, channel));
        } catch (IOException e) {
            HELD_HERE.remove(file);
            closeQuietly(channel, e);
            throw new StartRefused(
                    "Cannot lock " + file + ": make the data folder writable for this user, or give another with"
                            + " --data DIR.",
                    e);
        }
    }

    private static void closeQuietly(@org.jspecify.annotations.Nullable FileChannel channel, IOException because) {
        if (channel == null) {
            return;
        }
        try {
            channel.close();
        } catch (IOException e) {
            because.addSuppressed(e);
        }
    }

    /** Who holds the lock at {@code file}, for a message: {@code "process 4711"}. */
    static String holder(Path file) {
        if (HELD_HERE.contains(file.toAbsolutePath().normalize())) {
            return "this process";
        }
        try {
            var pid = Files.readString(file, StandardCharsets.US_ASCII).strip();
            return pid.matches("\\d{1,10}") ? "process " + pid : "another process";
        } catch (IOException _) {
            return "another process";
        }
    }

    /** Lets go. Doing it twice does nothing. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            HELD_HERE.remove(file);
        }
    }
}
