package io.mixgateway.platform.journal;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mixgateway.relay.call.AccountId;
import io.mixgateway.relay.call.KeyId;
import io.mixgateway.relay.money.Nanos;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final Duration SYNC = Duration.ofMillis(5);
    private final Random random = new Random(7);

    @TempDir
    Path dir;

    @Test
    void givesBackWhatWasWrittenInOrder() {
        var written = new ArrayList<Settled>();
        try (var journal = open(1 << 20)) {
            for (int i = 0; i < 500; i++) {
                written.add(any());
                journal.append(written.getLast());
            }
            assertThat(drain(journal, 7)).isEqualTo(written);
            assertThat(journal.backlogBytes()).isZero();
        }
    }

    @Test
    void keepsWhatWasNotAdvancedOverForTheNextProcess() {
        var first = any();
        var second = any();
        try (var journal = open(1 << 20)) {
            journal.append(first);
            journal.append(second);
            journal.advance(requireNonNull(journal.next(1)).end());
        }
        try (var journal = open(1 << 20)) {
            var batch = requireNonNull(journal.next(10));
            assertThat(batch.records()).containsExactly(second);
            assertThat(batch.live()).isFalse();
            assertThat(journal.backlogBytes()).isPositive();
            assertThat(journal.next(10)).isEqualTo(batch);
            journal.advance(batch.end());
            journal.append(first);
            assertThat(requireNonNull(journal.next(10)).live()).isTrue();
        }
    }

    @Test
    void isForNobodyElseOnTheMachineAlsoWhereItWasBefore() throws IOException {
        var path = dir.resolve("journal");
        Files.createDirectory(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        try (var journal = Journal.open(path, 1 << 20, SYNC)) {
            journal.append(any());
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rwx------");
    }

    @Test
    void goesOnFromFileToFileAndDeletesWhatIsBooked() throws IOException {
        var written = new ArrayList<Settled>();
        try (var journal = open(2_000)) {
            for (int i = 0; i < 60; i++) {
                written.add(any());
                journal.append(written.getLast());
            }
            assertThat(segmentFiles()).hasSizeGreaterThan(5);
            assertThat(drain(journal, 3)).isEqualTo(written);
            assertThat(segmentFiles()).hasSize(1);
        }
    }

    @Test
    void leavesOutATornTailWhereverItWasCut() throws IOException {
        // Given
        var first = plain();
        var second = plain();
        try (var journal = open(1 << 20)) {
            journal.append(first);
            journal.append(second);
        }
        var file = segmentFiles().getFirst();
        byte[] whole = Files.readAllBytes(file);
        int border = new RecordWriter().frame(first);

        for (int cut = 0; cut <= whole.length; cut++) {
            // When
            forget();
            Files.write(file, java.util.Arrays.copyOf(whole, cut));

            // Then
            try (var journal = open(1 << 20)) {
                var expected =
                        cut == whole.length ? List.of(first, second) : cut >= border ? List.of(first) : List.of();
                assertThat(drain(journal, 10)).as("cut at byte %d", cut).isEqualTo(expected);
            }
        }
    }

    @Test
    void stopsAtARecordWhoseBytesWereChanged() throws IOException {
        var first = plain();
        try (var journal = open(1 << 20)) {
            journal.append(first);
            journal.append(plain());
        }
        var file = segmentFiles().getFirst();
        byte[] whole = Files.readAllBytes(file);
        int border = new RecordWriter().frame(first);
        for (int at = border; at < whole.length; at++) {
            forget();
            byte[] changed = whole.clone();
            changed[at] ^= 1;
            Files.write(file, changed);
            try (var journal = open(1 << 20)) {
                assertThat(drain(journal, 10)).as("changed at byte %d", at).containsExactly(first);
            }
        }
    }

    @Test
    void readsEverythingAgainWhenTheNoteOfWhatIsBookedIsTorn() throws IOException {
        var record = any();
        try (var journal = open(1 << 20)) {
            journal.append(record);
            journal.append(record);
            journal.advance(requireNonNull(journal.next(1)).end());
        }
        try (var note = new RandomAccessFile(dir.resolve("flushed").toFile(), "rw")) {
            note.setLength(11);
        }
        try (var journal = open(1 << 20)) {
            assertThat(drain(journal, 10)).containsExactly(record, record);
        }
    }

    @Test
    void refusesASecondOpenOfTheSameDirectory() {
        try (var journal = open(1 << 20)) {
            assertThat(journal.node()).startsWith("node-");
            assertThatThrownBy(() -> open(1 << 20))
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining("in use by another process");
        }
    }

    @Test
    void keepsItsNameAcrossOpens() {
        String name;
        try (var journal = open(1 << 20)) {
            name = journal.node();
        }
        try (var journal = open(1 << 20)) {
            assertThat(journal.node()).isEqualTo(name);
        }
    }

    @Test
    void readsWhileOthersWrite() throws InterruptedException {
        int each = 2_000;
        try (var journal = open(50_000)) {
            var record = any();
            var done = new AtomicBoolean();
            var writers = List.of(writer(journal, record, each), writer(journal, record, each));
            int read = 0;
            while (read < 2 * each) {
                var batch = journal.next(100);
                if (batch != null) {
                    read += batch.records().size();
                    journal.advance(batch.end());
                }
                assertThat(done).isFalse();
            }
            for (Thread writer : writers) {
                writer.join();
            }
            assertThat(read).isEqualTo(2 * each);
            assertThat(journal.next(1)).isNull();
            assertThat(journal.backlogBytes()).isZero();
        }
    }

    @Test
    void writesOnWhenAWritingThreadIsInterrupted() {
        try (var journal = open(1 << 20)) {
            Thread.currentThread().interrupt();
            journal.append(any());
            assertThat(Thread.interrupted()).isTrue();
            journal.append(any());
            assertThat(drain(journal, 10)).hasSize(2);
            assertThat(journal.trouble()).isNull();
        }
    }

    @Test
    void takesOutTheCharacterThatTheDatabaseRefuses() {
        var g = any().generation();
        var named = new io.mixgateway.relay.call.Generation(
                g.id(),
                g.createdAt(),
                g.account(),
                g.key(),
                "a\0b",
                g.provider(),
                g.modelSent(),
                "é".repeat(700),
                g.dialect(),
                g.streamed(),
                g.outcome(),
                g.usage(),
                g.usageSource(),
                g.cost(),
                g.hold(),
                g.priceVersion(),
                g.latencyMillis(),
                g.firstTokenMillis(),
                g.attempts());
        try (var journal = open(1 << 20)) {
            journal.append(new Settled(named, List.of()));
            var read = drain(journal, 1).getFirst().generation();
            assertThat(read.modelAsked()).isEqualTo("a\uFFFDb");
            assertThat(read.modelServed()).isEqualTo("é".repeat(256));
        }
    }

    private static Thread writer(Journal journal, Settled record, int times) {
        return Thread.ofPlatform().start(() -> {
            for (int i = 0; i < times; i++) {
                journal.append(record);
            }
        });
    }

    private static List<Settled> drain(Journal journal, int atOnce) {
        var all = new ArrayList<Settled>();
        for (Batch batch; (batch = journal.next(atOnce)) != null; ) {
            all.addAll(batch.records());
            journal.advance(batch.end());
        }
        return all;
    }

    private Settled any() {
        return new Settled(RandomGenerations.any(random, NOW), List.of(1L, 700L));
    }

    private static Settled plain() {
        return new Settled(
                RandomGenerations.costing(new AccountId("acc-1"), new KeyId("key-1"), NOW, new Nanos(5), new Nanos(9)),
                List.of(1L));
    }

    private Journal open(long segmentBytes) {
        return Journal.open(dir, segmentBytes, SYNC);
    }

    private void forget() throws IOException {
        try (var files = Files.list(dir)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    private List<Path> segmentFiles() throws IOException {
        try (var files = Files.list(dir)) {
            return files.filter(f -> f.getFileName().toString().startsWith("segment-"))
                    .sorted()
                    .toList();
        }
    }
}
