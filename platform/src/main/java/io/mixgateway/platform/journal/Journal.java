package io.mixgateway.platform.journal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The append-only record of finished generations on this node's disk.
 *
 * <p>Any thread may {@link #append}; one thread at a time reads and advances. A record is copied
 * to the page cache ({@link SegmentTail}), so it outlives the process; a thread of its own flushes to the disk every
 * few milliseconds, for a loss of power.
 *
 * <p>When the disk refuses a write, the record is kept in memory ({@link #spilled}) and {@link #trouble} says so until a
 * write succeeds again: whoever admits calls must look at it, so only calls already under way can end there.
 */
public final class Journal implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Journal.class);
    private static final int READ_CHUNK = 1 << 20;
    private static final int MAX_SPILLED = 200_000;
    private static final int QUIET_ROUNDS = 100;
    private static final long IDLE_NANOS = 1_000_000_000L;

    private final JournalDirectory directory;
    private final long segmentBytes;
    private final long syncEveryNanos;
    private final ConcurrentSkipListMap<Long, Segment> segments;
    private final long firstLiveSegment;
    private final Thread syncer;

    private final Object writing = new Object();
    private final ThreadLocal<RecordWriter> writers = ThreadLocal.withInitial(RecordWriter::new);
    private final ArrayDeque<Settled> spilled = new ArrayDeque<>();
    private RandomAccessFile out;
    private SegmentTail tail;
    private Segment current;
    private boolean closed;

    private final Object syncing = new Object();
    private final ArrayDeque<RandomAccessFile> full = new ArrayDeque<>();
    private volatile boolean dirty;
    private volatile boolean idle;
    private volatile boolean stopping;
    private volatile @Nullable String trouble;
    private final AtomicLong backlogBytes = new AtomicLong();

    private volatile long bookedUpToNanos = System.nanoTime();
    private long readAtNanos;
    private Position flushed;
    private @Nullable RandomAccessFile in;
    private long inSegment = -1;
    private byte[] chunk = new byte[READ_CHUNK];
    private final Words words = new Words();

    private Journal(JournalDirectory directory, long segmentBytes, Duration syncEvery) throws IOException {
        this.directory = directory;
        this.segmentBytes = segmentBytes;
        this.syncEveryNanos = syncEvery.toNanos();
        this.flushed = directory.flushed();
        this.segments = new ConcurrentSkipListMap<>(directory.segments(flushed));
        this.firstLiveSegment = Math.max(segments.isEmpty() ? 0 : segments.lastKey(), flushed.segment()) + 1;
        long backlog = 0;
        for (Segment segment : segments.values()) {
            backlog += Math.max(0, segment.end() - (segment.number() == flushed.segment() ? flushed.offset() : 0));
        }
        backlogBytes.set(backlog);
        this.current = new Segment(directory.path(), firstLiveSegment, 0);
        this.out = new RandomAccessFile(current.file().toFile(), "rw");
        this.tail = new SegmentTail(current.file(), out);
        segments.put(current.number(), current);
        this.syncer = Thread.ofPlatform().daemon().name("journal-sync").unstarted(this::syncLoop);
    }

    /**
     * Opens the journal in {@code path}, making the directory when it is not there.
     *
     * @param segmentBytes how long a file may get
     * @param syncEvery how long a record may lie in the page cache only
     * @throws JournalException when another process has it open, or the disk fails
     */
    public static Journal open(Path path, long segmentBytes, Duration syncEvery) {
        var directory = JournalDirectory.claim(path);
        try {
            var journal = new Journal(directory, segmentBytes, syncEvery);
            journal.syncer.start();
            return journal;
        } catch (IOException e) {
            directory.close();
            throw new JournalException("journal " + path + ": " + e.getMessage(), e);
        }
    }

    /** A name for this journal that stays the same as long as its directory does: who owns leases and segments. */
    public String node() {
        return directory.node();
    }

    /**
     * Writes one record. Returns once it would outlive the process, or, while the disk refuses, once it is kept in memory.
     *
     * @throws IllegalStateException when the journal is closed
     */
    public void append(Settled settled) {
        var writer = writers.get();
        int length = writer.frame(settled);
        synchronized (writing) {
            if (closed) {
                throw new IllegalStateException("journal: closed (expected: open)");
            }
            if (!spilled.isEmpty() || !write(writer.bytes(), length)) {
                if (spilled.size() >= MAX_SPILLED) {
                    throw new IllegalStateException(
                            "journal: the disk refuses and " + MAX_SPILLED + " records wait in memory");
                }
                spilled.add(settled);
            }
        }
        dirty = true;
        if (idle) {
            LockSupport.unpark(syncer);
        }
    }

    private boolean write(byte[] frame, int length) {
        try {
            if (current.end() + length > segmentBytes && current.end() > 0) {
                roll();
            }
            tail.append(frame, length);
            current.endsAt(current.end() + length);
            backlogBytes.addAndGet(length);
            return true;
        } catch (IOException e) {
            trouble("write", e);
            return false;
        }
    }

    private void roll() throws IOException {
        var next = new Segment(directory.path(), current.number() + 1, 0);
        var nextOut = new RandomAccessFile(next.file().toFile(), "rw");
        tail.finish();
        synchronized (syncing) {
            full.add(out);
            out = nextOut;
        }
        tail = new SegmentTail(next.file(), nextOut);
        current = next;
        segments.put(next.number(), next);
    }

    /** Why new calls should wait, or null when all is well: the disk refuses writes or flushes. */
    public @Nullable String trouble() {
        return trouble;
    }

    /** Bytes written and not yet advanced over. */
    public long backlogBytes() {
        return backlogBytes.get();
    }

    /** Records that wait in memory because the disk refused them. */
    public List<Settled> spilled() {
        synchronized (writing) {
            return List.copyOf(spilled);
        }
    }

    /** Forgets the first {@code count} of {@link #spilled}: they are booked. */
    public void dropSpilled(int count) {
        synchronized (writing) {
            for (int i = 0; i < count; i++) {
                spilled.remove();
            }
        }
    }

    /** Tries to write what waits in memory; gives whether nothing waits any more. */
    public boolean retrySpilled() {
        synchronized (writing) {
            var writer = writers.get();
            while (!spilled.isEmpty()) {
                int length = writer.frame(spilled.element());
                if (!write(writer.bytes(), length)) {
                    break;
                }
                spilled.remove();
            }
            if (spilled.isEmpty() && trouble != null && syncNow()) {
                trouble = null;
            }
            return spilled.isEmpty();
        }
    }

    /**
     * The next records behind those advanced over, at most {@code maxRecords}; null when there are none. The same again
     * until {@link #advance}.
     *
     * @throws JournalException when the disk fails, or a newer version wrote the record
     */
    public @Nullable Batch next(int maxRecords) {
        readAtNanos = System.nanoTime();
        try {
            while (true) {
                var segment = segments.get(flushed.segment());
                if (segment == null || flushed.offset() >= segment.end()) {
                    var following = segments.higherEntry(flushed.segment());
                    if (following == null) {
                        bookedUpToNanos = readAtNanos;
                        return null;
                    }
                    // The one behind may have grown between the two looks; once there is a next one, it has not any
                    // more.
                    if (segment != null && flushed.offset() < segment.end()) {
                        continue;
                    }
                    step(new Position(following.getKey(), 0));
                    continue;
                }
                return read(segment, maxRecords);
            }
        } catch (IOException e) {
            throw new JournalException("journal: " + e.getMessage(), e);
        }
    }

    private @Nullable Batch read(Segment segment, int maxRecords) throws IOException {
        if (inSegment != segment.number() || in == null) {
            closeIn();
            in = new RandomAccessFile(segment.file().toFile(), "r");
            inSegment = segment.number();
        }
        int want = (int) Math.min(segment.end() - flushed.offset(), chunk.length);
        int filled = Segment.fill(in, flushed.offset(), chunk, want);
        var records = new ArrayList<Settled>(Math.min(maxRecords, 256));
        int read = 0;
        while (records.size() < maxRecords) {
            int payload = Frame.payload(chunk, read, filled);
            if (payload < 0) {
                break;
            }
            records.add(RecordReader.read(chunk, read + Frame.HEADER, payload, words));
            read += Frame.HEADER + payload;
        }
        if (records.isEmpty()) {
            if (filled == chunk.length && chunk.length < Frame.HEADER + Frame.MAX_PAYLOAD) {
                chunk = new byte[Frame.HEADER + Frame.MAX_PAYLOAD];
                return read(segment, maxRecords);
            }
            throw new JournalException(
                    "journal " + segment.file() + ": unreadable at byte " + flushed.offset() + "; keep the file");
        }
        var end = new Position(segment.number(), flushed.offset() + read);
        boolean full = records.size() == maxRecords || filled == chunk.length;
        return new Batch(records, segment.number() >= firstLiveSegment, end, full);
    }

    /** Notes that everything before {@code end} is booked, and deletes the segments that are wholly behind. */
    public void advance(Position end) {
        if (end.compareTo(flushed) < 0) {
            throw new IllegalArgumentException("position: " + end + " (expected: at or behind " + flushed + ")");
        }
        if (end.segment() == flushed.segment()) {
            backlogBytes.addAndGet(flushed.offset() - end.offset());
        }
        step(end);
        if (readAtNanos > bookedUpToNanos) {
            bookedUpToNanos = readAtNanos;
        }
    }

    /** The note and the deletions only save work: should the disk refuse them, what is booked is booked again, in vain. */
    private void step(Position to) {
        flushed = to;
        try {
            directory.flushed(to);
            for (var done : List.copyOf(segments.headMap(to.segment()).values())) {
                if (inSegment == done.number()) {
                    closeIn();
                }
                segments.remove(done.number());
                done.delete();
            }
        } catch (IOException e) {
            log.warn("journal: what is booked could not be noted: {}", e.toString());
        }
    }

    /** An upper bound of how long the oldest record has been waiting to be booked; zero when none waits. */
    public Duration age() {
        return backlogBytes() == 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - bookedUpToNanos);
    }

    private void closeIn() throws IOException {
        if (in != null) {
            in.close();
            in = null;
            inSegment = -1;
        }
    }

    private void syncLoop() {
        int quietRounds = 0;
        while (!stopping) {
            if (dirty) {
                quietRounds = 0;
                dirty = false;
                syncNow();
                LockSupport.parkNanos(this, syncEveryNanos);
            } else if (++quietRounds < QUIET_ROUNDS) {
                LockSupport.parkNanos(this, syncEveryNanos);
            } else {
                idle = true;
                // Looks again behind the flag, so an append between the two is not left to the long wait.
                if (!dirty && !stopping) {
                    LockSupport.parkNanos(this, IDLE_NANOS);
                }
                idle = false;
            }
        }
    }

    /** Takes the files under the lock and flushes outside of it, so that an append that starts a new file never waits for the disk. */
    private boolean syncNow() {
        RandomAccessFile now;
        List<RandomAccessFile> done;
        synchronized (syncing) {
            now = out;
            done = List.copyOf(full);
        }
        try {
            for (RandomAccessFile file : done) {
                file.getFD().sync();
            }
            now.getFD().sync();
            synchronized (syncing) {
                for (RandomAccessFile file : done) {
                    if (full.remove(file)) {
                        file.close();
                    }
                }
            }
            return true;
        } catch (IOException e) {
            dirty = true;
            trouble("sync", e);
            return false;
        }
    }

    private void trouble(String what, IOException e) {
        if (trouble == null) {
            log.error("journal {} failed: no new calls are taken until it succeeds again", what, e);
        }
        trouble = "the usage journal cannot be written";
    }

    /** Flushes to the disk and lets go of the directory. What was not advanced over is there at the next open. */
    @Override
    public void close() {
        synchronized (writing) {
            if (closed) {
                return;
            }
            closed = true;
        }
        stopping = true;
        LockSupport.unpark(syncer);
        try {
            syncer.join(Duration.ofSeconds(5));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        try {
            tail.finish();
            syncNow();
            synchronized (syncing) {
                out.close();
            }
            closeIn();
        } catch (IOException e) {
            log.warn("journal close failed", e);
        } finally {
            directory.close();
        }
    }
}
