package io.mixgateway.app.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mixgateway.platform.store.EmbeddedPostgres;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The database goes away under load, once stopped and once frozen, so that its connections hang. `proof/trial outage` runs
 * it for a minute each.
 *
 * <p>The calls leave the length of their answers open, as most programs' do, so that much more is held and leased than is
 * spent: such a node goes on for long. What it has leased ends in a minute or so; from then on calls are refused.
 */
class DatabaseAwayIT {
    private static final int SECONDS = Integer.getInteger("trial.seconds", 8);
    private static final int CALLS_PER_SECOND = 50;
    private static final int PARTS = 4;
    private static final int WARM_ANSWERS = 150;
    private static final int STREAMS = 5;

    @TempDir
    private Path folder;

    private long away;

    // FAILURES 45, 49
    @Test
    void streamsGoOnAndNothingIsLostWhileTheDatabaseIsAway() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        var home = folder.resolve("database");
        var postgres = EmbeddedPostgres.start(home);
        try (var trial = new Trial(folder, CALLS_PER_SECOND, Optional.of(url(postgres)))) {
            trial.load().leaveLengthOpen();
            trial.aim();
            warm(trial);
            var parts = new ArrayList<String>();

            postgres.close();
            parts.add(away(trial, "stopped"));
            postgres = EmbeddedPostgres.start(home);
            parts.add(back(trial));

            warm(trial);
            var processes = Stream.concat(Stream.of(server(home)), server(home).descendants())
                    .map(process -> Long.toString(process.pid()))
                    .toList();
            signal("STOP", processes);
            parts.add(away(trial, "frozen"));
            signal("CONT", processes);
            parts.add(back(trial));

            trial.load().drain();
            assertThat(trial.terminate()).isZero();
            var audit = trial.audit();
            parts.add(
                    "Of %d complete answers %d came while the database was away.\n".formatted(audit.complete(), away));
            parts.add(audit.table());
            trial.report(
                    "Database away for " + SECONDS + " s, stopped and frozen, at " + CALLS_PER_SECOND
                            + " calls a second",
                    parts.toArray(String[]::new));
            assertThat(audit.exact()).as(audit.table()).isTrue();
            assertThat(audit.nothingLeft()).as(audit.table()).isTrue();
            assertThat(audit.cutRows()).isZero();
            assertThat(away).isGreaterThan(audit.complete() / 2);
            assertThat(trial.load().seen().keySet()).isSubsetOf("200", "200, stream", "503", "503, stream");
        } finally {
            postgres.close();
        }
    }

    /** Until calls are answered and some streams are under way. */
    private static void warm(Trial trial) {
        long before = trial.load().complete();
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> trial.load().complete() >= before + WARM_ANSWERS
                        && trial.load().openStreams() >= STREAMS);
    }

    /** Waits while it is away; says what clients saw meanwhile. */
    private String away(Trial trial, String how) throws InterruptedException {
        long first = trial.load().complete();
        int all = trial.load().calls().size();
        int streams = trial.load().openStreams();
        long before = first;
        var slices = new ArrayList<String>();
        for (int i = 0; i < PARTS; i++) {
            Thread.sleep(Duration.ofSeconds(SECONDS).dividedBy(PARTS));
            long now = trial.load().complete();
            slices.add(Long.toString(now - before));
            before = now;
        }
        int ended = trial.load().calls().size() - all;
        away += before - first;
        assertThat(before - first).as("answers while the database was " + how).isGreaterThan(ended / 2);
        return "- %s for %d s: %d streams were under way; %d calls ended meanwhile, %d of them complete (%s in each quarter), the others 503\n"
                .formatted(how, SECONDS, streams, ended, before - first, String.join(", ", slices));
    }

    private static String back(Trial trial) {
        long start = System.nanoTime();
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    var calls = List.copyOf(trial.load().calls());
                    return calls.subList(Math.max(0, calls.size() - 20), calls.size()).stream()
                            .allMatch(Load.Call::complete);
                });
        return "- back: all of 20 calls in a row were answered %d ms after it returned\n"
                .formatted((System.nanoTime() - start) / 1_000_000);
    }

    private static String url(EmbeddedPostgres postgres) {
        var url = postgres.url();
        var password = URLEncoder.encode(url.password().orElseThrow().reveal(), StandardCharsets.UTF_8);
        return "postgresql://" + url.user().orElseThrow() + ":" + password + "@" + url.hosts() + "/" + url.database();
    }

    private static ProcessHandle server(Path home) throws IOException {
        var pid =
                Files.readAllLines(home.resolve("postgres/data/postmaster.pid")).getFirst();
        return ProcessHandle.of(Long.parseLong(pid.strip())).orElseThrow();
    }

    private static void signal(String name, List<String> processes) throws IOException, InterruptedException {
        var line = new ArrayList<>(List.of("kill", "-" + name));
        line.addAll(processes);
        new ProcessBuilder(line)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
