package io.mixgateway.platform.journal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** One file of the journal: frames, one behind the other, from byte 0. {@code end} is where its sound records end. */
final class Segment {
    private static final Pattern NAME = Pattern.compile("segment-(\\d{12})\\.log");
    private static final int CHUNK = 1 << 20;

    private final long number;
    private final Path file;
    private volatile long end;

    Segment(Path directory, long number, long end) {
        this.number = number;
        this.file = directory.resolve(String.format(Locale.ROOT, "segment-%012d.log", number));
        this.end = end;
    }

    static Optional<Long> numberOf(Path file) {
        var name = NAME.matcher(file.getFileName().toString());
        return name.matches() ? Optional.of(Long.parseLong(name.group(1))) : Optional.empty();
    }

    long number() {
        return number;
    }

    Path file() {
        return file;
    }

    long end() {
        return end;
    }

    void endsAt(long offset) {
        end = offset;
    }

    /**
     * Finds where the sound records end, looking from {@code start}, a known border of records. What lies behind is a
     * torn write: its {@code append} never returned, so nobody was told that it is safe.
     */
    static long soundEnd(Path file, long start) throws IOException {
        try (var in = new RandomAccessFile(file.toFile(), "r")) {
            long size = in.length();
            long at = Math.min(start, size);
            byte[] bytes = new byte[(int) Math.min(size - at, CHUNK + Frame.HEADER + Frame.MAX_PAYLOAD)];
            while (at < size) {
                int filled = fill(in, at, bytes, (int) Math.min(bytes.length, size - at));
                int read = 0;
                for (int payload; (payload = Frame.payload(bytes, read, filled)) > 0; ) {
                    read += Frame.HEADER + payload;
                }
                if (read == 0) {
                    return at;
                }
                at += read;
            }
            return at;
        }
    }

    /** Whether there are only zeros from {@code start} on: room that was made ahead of the records. */
    static boolean isZero(Path file, long start) throws IOException {
        try (var in = new RandomAccessFile(file.toFile(), "r")) {
            var bytes = new byte[CHUNK];
            long at = start;
            for (int filled; (filled = fill(in, at, bytes, CHUNK)) > 0; at += filled) {
                for (int i = 0; i < filled; i++) {
                    if (bytes[i] != 0) {
                        return false;
                    }
                }
            }
            return true;
        }
    }

    /** Fills {@code bytes} from {@code offset} up to {@code want} bytes; gives how many there were. */
    static int fill(RandomAccessFile in, long offset, byte[] bytes, int want) throws IOException {
        in.seek(offset);
        int filled = 0;
        while (filled < want) {
            int got = in.read(bytes, filled, want - filled);
            if (got < 0) {
                break;
            }
            filled += got;
        }
        return filled;
    }

    void delete() throws IOException {
        Files.deleteIfExists(file);
    }
}
