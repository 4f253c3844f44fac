package io.mixgateway.platform.journal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What lies in a journal's directory beside the segments: {@code lock} (held while open), {@code node} (whose journal
 * it is) and {@code flushed} (how far it is booked; a hint that saves work, because booking a record twice is harmless).
 */
final class JournalDirectory implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(JournalDirectory.class);
    private static final int ID_BYTES = 8;

    private final Path path;
    private final RandomAccessFile lockFile;
    private final RandomAccessFile flushedFile;
    private final String node;

    private JournalDirectory(Path path, RandomAccessFile lockFile, RandomAccessFile flushedFile, String node) {
        this.path = path;
        this.lockFile = lockFile;
        this.flushedFile = flushedFile;
        this.node = node;
    }

    static JournalDirectory claim(Path path) {
        RandomAccessFile lockFile = null;
        try {
            Files.createDirectories(path);
            keepFromOthers(path);
            lockFile = new RandomAccessFile(path.resolve("lock").toFile(), "rw");
            if (lock(lockFile) == null) {
                throw new JournalException(
                        "journal " + path + " is in use by another process (expected: one process per data directory)");
            }
            var flushedFile = new RandomAccessFile(path.resolve("flushed").toFile(), "rw");
            return new JournalDirectory(path, lockFile, flushedFile, node(path));
        } catch (IOException e) {
            close(lockFile);
            throw new JournalException("journal " + path + ": " + e.getMessage(), e);
        } catch (RuntimeException e) {
            close(lockFile);
            throw e;
        }
    }

    /** Who called what is nobody else's business on this machine; the folder around it can be entered by everybody. */
    private static void keepFromOthers(Path path) {
        var view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
        if (view == null) {
            return;
        }
        try {
            view.setPermissions(PosixFilePermissions.fromString("rwx------"));
        } catch (IOException e) {
            log.warn("journal: other users of this machine may be able to read {}: {}", path, e.toString());
        }
    }

    /** The lock goes with the open file, so the system lets go of it however the process ends. */
    private static @Nullable FileLock lock(RandomAccessFile file) throws IOException {
        try {
            return file.getChannel().tryLock();
        } catch (OverlappingFileLockException _) {
            return null;
        }
    }

    private static String node(Path path) throws IOException {
        var file = path.resolve("node");
        if (Files.exists(file)) {
            var known = Files.readString(file, US_ASCII).strip();
            if (known.matches("node-[0-9a-f]{16}")) {
                return known;
            }
            log.warn("journal: {} is not readable as a node's name; a new one is made", file);
        }
        byte[] id = new byte[ID_BYTES];
        new SecureRandom().nextBytes(id);
        var name = "node-" + HexFormat.of().formatHex(id);
        Files.writeString(file, name + "\n", US_ASCII);
        return name;
    }

    Path path() {
        return path;
    }

    String node() {
        return node;
    }

    /** How far the journal is booked, or its very beginning when the note is missing or torn. */
    Position flushed() throws IOException {
        byte[] bytes = new byte[24];
        if (Segment.fill(flushedFile, 0, bytes, bytes.length) == bytes.length) {
            var numbers = ByteBuffer.wrap(bytes);
            var position = new Position(numbers.getLong(), numbers.getLong());
            if (numbers.getLong() == crc(bytes)) {
                return position;
            }
            log.warn("journal: the note of what is booked is torn; everything that is still there is read again");
        }
        return new Position(0, 0);
    }

    void flushed(Position position) throws IOException {
        byte[] bytes = new byte[24];
        var numbers = ByteBuffer.wrap(bytes);
        numbers.putLong(position.segment()).putLong(position.offset());
        numbers.putLong(crc(bytes));
        flushedFile.seek(0);
        flushedFile.write(bytes);
    }

    private static long crc(byte[] bytes) {
        var crc = new CRC32C();
        crc.update(bytes, 0, 16);
        return crc.getValue();
    }

    /** The segments that hold something behind {@code flushed}, each with the end of its sound records. */
    SortedMap<Long, Segment> segments(Position flushed) throws IOException {
        var files = new TreeMap<Long, Path>();
        try (var all = Files.list(path)) {
            for (Path file : all.toList()) {
                Segment.numberOf(file).ifPresent(number -> files.put(number, file));
            }
        }
        var found = new TreeMap<Long, Segment>();
        for (var entry : files.entrySet()) {
            long number = entry.getKey();
            var file = entry.getValue();
            if (number < flushed.segment()) {
                Files.delete(file);
                continue;
            }
            long end = Segment.soundEnd(file, number == flushed.segment() ? flushed.offset() : 0);
            long size = Files.size(file);
            if (end < size) {
                cutOff(file, end, number == files.lastKey());
            }
            found.put(number, new Segment(path, number, end));
        }
        return found;
    }

    /**
     * Behind the last sound record of the last file lie the zeros that it was filled with, or a write that was never
     * finished. Anything else, or anywhere else, is damage.
     */
    private static void cutOff(Path file, long end, boolean last) throws IOException {
        if (last && Segment.isZero(file, end)) {
            log.debug("journal: {} was not closed; it ends at byte {}", file, end);
        } else if (last) {
            log.info("journal: {} ends with a torn write at byte {}, left out", file, end);
        } else {
            var kept = file.resolveSibling("damaged-" + file.getFileName());
            Files.copy(file, kept, StandardCopyOption.REPLACE_EXISTING);
            log.error(
                    "journal: {} is damaged at byte {}; what lies behind is not booked, and kept in {}",
                    file,
                    end,
                    kept);
        }
        try (var cut = new RandomAccessFile(file.toFile(), "rw")) {
            cut.setLength(end);
        }
    }

    @Override
    public void close() {
        close(flushedFile);
        close(lockFile);
    }

    private static void close(@Nullable RandomAccessFile file) {
        if (file != null) {
            try {
                file.close();
            } catch (IOException e) {
                log.warn("journal: a file could not be closed", e);
            }
        }
    }
}
