package io.mixgateway.app.trial;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real process, killed with kill -9 again and again under load with streams in flight; sometimes while it starts,
 * sometimes its database with it, before it, or only one of its database's processes. `proof/trial crash` runs it for
 * hundreds of kills.
 */
class CrashIT {
    private static final int KILLS = Integer.getInteger("trial.kills", 10);
    private static final long MINUTES = Long.getLong("trial.minutes", Long.MAX_VALUE / 60_000_000_000L);
    private static final long SEED = Long.getLong("trial.seed", 1);
    private static final int CALLS_PER_SECOND = 50;
    private static final int ANSWERS_BETWEEN_KILLS = 12;
    private static final long ANSWERS_LIMIT_NANOS = 20_000_000_000L;

    @TempDir
    private Path folder;

    private int alone;
    private int starting;
    private int withDatabase;
    private int databaseFirst;
    private int oneBackend;
    private int openAtKill;
    private int streamsAtKill;
    private final List<Long> startMillis = new ArrayList<>();

    // FAILURES 45, 48, 49
    @Test
    void everyCompleteAnswerIsChargedOnceThroughKills() throws Exception {
        var random = new Random(SEED);
        long began = System.nanoTime();
        try (var trial = new Trial(folder, CALLS_PER_SECOND, java.util.Optional.empty())) {
            trial.aim();
            for (int i = 0; i < KILLS && System.nanoTime() - began < MINUTES * 60_000_000_000L; i++) {
                awaitAnswers(trial.load());
                Thread.sleep(random.nextInt(900));
                kill(trial, i % 10, random);
                startMillis.add(trial.start().toMillis());
                if (i % 20 == 19) {
                    var audit = trial.audit();
                    assertThat(audit.violations()).isEmpty();
                    assertThat(audit.told()).isEmpty();
                    System.out.println(
                            (i + 1) + " kills: " + audit.complete() + " complete answers, " + audit.rows() + " rows");
                }
            }
            Thread.sleep(500);
            trial.load().drain();
            assertThat(trial.terminate()).isZero();

            var audit = trial.audit();
            int kills = startMillis.size();
            startMillis.sort(null);
            trial.report(
                    "Crash run: " + kills + " kills",
                    ("%d kills of the process alone, %d while it started, %d with its database, %d after its database was killed,"
                                    + " %d with one of the database's processes killed first. Calls open at the kills: %d, of these"
                                    + " streams under way: %d. Seed %d, %d calls a second. Starts: %d, none refused; median %d ms, longest %d ms.\n")
                            .formatted(
                                    alone,
                                    starting,
                                    withDatabase,
                                    databaseFirst,
                                    oneBackend,
                                    openAtKill,
                                    streamsAtKill,
                                    SEED,
                                    CALLS_PER_SECOND,
                                    kills + 1,
                                    startMillis.get(kills / 2),
                                    startMillis.getLast()),
                    audit.table());
            assertThat(audit.exact()).as(audit.table()).isTrue();
            assertThat(audit.nothingLeft()).as(audit.table()).isTrue();
            assertThat(audit.complete()).isGreaterThan(kills * 10L);
            assertThat(audit.cutRows()).isLessThanOrEqualTo(trial.load().calls().size() - audit.complete());
        }
    }

    /** A slow machine needs longer for as many answers. */
    private static void awaitAnswers(Load load) throws InterruptedException {
        long before = load.complete();
        long giveUpAt = System.nanoTime() + ANSWERS_LIMIT_NANOS;
        while (load.complete() < before + ANSWERS_BETWEEN_KILLS && System.nanoTime() < giveUpAt) {
            Thread.sleep(10);
        }
    }

    private void kill(Trial trial, int kind, Random random) throws Exception {
        switch (kind) {
            case 3 -> {
                killAll(trial.data(), trial);
                withDatabase++;
            }
            case 5 -> {
                database(trial.data()).destroyForcibly();
                Thread.sleep(random.nextInt(300));
                count(trial);
                trial.kill();
                databaseFirst++;
            }
            case 7 -> {
                database(trial.data()).children().skip(5).findFirst().ifPresent(ProcessHandle::destroyForcibly);
                Thread.sleep(random.nextInt(800));
                count(trial);
                trial.kill();
                oneBackend++;
            }
            case 9 -> {
                count(trial);
                trial.kill();
                trial.startAndKillAfter(200 + random.nextInt(3_000));
                starting++;
            }
            default -> {
                count(trial);
                trial.kill();
                alone++;
            }
        }
    }

    private void killAll(Path data, Trial trial) throws IOException {
        var database = database(data);
        count(trial);
        database.destroyForcibly();
        trial.kill();
    }

    private void count(Trial trial) {
        openAtKill += trial.load().open();
        streamsAtKill += trial.load().openStreams();
        trial.load().aim(null);
    }

    private static ProcessHandle database(Path data) throws IOException {
        var pid =
                Files.readAllLines(data.resolve("postgres/data/postmaster.pid")).getFirst();
        return ProcessHandle.of(Long.parseLong(pid.strip())).orElseThrow();
    }
}
