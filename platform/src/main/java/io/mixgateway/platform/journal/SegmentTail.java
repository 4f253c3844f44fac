package io.mixgateway.platform.journal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Where the segment being written ends, mapped into memory: to append is to copy some bytes, without a call of the
 * system, and what is copied outlives the process as a write would. The file is filled with zeros a window ahead, by
 * plain writes, so a full disk is refused there and never met in the mapping. Not thread-safe.
 */
final class SegmentTail {
    private static final int WINDOW = 1 << 20;
    private static final byte[] ZEROS = new byte[1 << 16];

    private final Path path;
    private final RandomAccessFile file;
    private @Nullable Arena arena;
    private MemorySegment window = MemorySegment.NULL;
    private long windowStart;
    private long filled;
    private long end;

    /** The tail of the new, empty file at {@code path}, which is open as {@code file}. */
    SegmentTail(Path path, RandomAccessFile file) {
        this.path = path;
        this.file = file;
    }

    /** Appends the first {@code length} of {@code bytes}; after a failure nothing has been appended. */
    void append(byte[] bytes, int length) throws IOException {
        if (end + length > windowStart + window.byteSize()) {
            advanceWindow(length);
        }
        try {
            MemorySegment.copy(bytes, 0, window, ValueLayout.JAVA_BYTE, end - windowStart, length);
        } catch (InternalError e) {
            // What the JVM makes of a page that the disk cannot give.
            throw new IOException("the mapped journal cannot be written", e);
        }
        end += length;
    }

    @SuppressWarnings("MustBeClosedChecker") // the window is unmapped when the next one takes its place, or at the end
    private void advanceWindow(int least) throws IOException {
        long size = Math.max(WINDOW, least);
        file.seek(filled);
        while (filled < end + size) {
            int zeros = (int) Math.min(ZEROS.length, end + size - filled);
            file.write(ZEROS, 0, zeros);
            filled += zeros;
        }
        var next = Arena.ofShared();
        MemorySegment mapped;
        try {
            mapped = map(size, next);
        } catch (IOException | RuntimeException e) {
            next.close();
            throw e;
        }
        unmap();
        arena = next;
        window = mapped;
        windowStart = end;
    }

    /** Through a channel of its own, because an interrupt of this thread closes the channel that it is in. */
    private MemorySegment map(long size, Arena owner) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                try (var channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                    return channel.map(MapMode.READ_WRITE, end, size, owner);
                } catch (ClosedByInterruptException _) {
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Gives the memory back and cuts off what lies behind the end. */
    void finish() throws IOException {
        unmap();
        file.setLength(end);
    }

    private void unmap() {
        window = MemorySegment.NULL;
        windowStart = end;
        if (arena != null) {
            arena.close();
            arena = null;
        }
    }
}
