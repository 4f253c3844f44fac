package io.mixgateway.platform.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The PostgreSQL that a program left behind when it died, and how it is ended. Whoever calls holds {@link
 * DataDir#postgresLock()}, so whatever still runs on the data is nobody's.
 *
 * <p>It is told by the folder that its processes work in, not by {@code postmaster.pid} alone: that note is missing or
 * empty while a server starts, and after a crash the number in it may be another program's, another PostgreSQL included.
 */
final class Leftover {
    private static final Logger LOG = LoggerFactory.getLogger(Leftover.class);
    /** A busy disk can keep a shutdown's checkpoint waiting for long; from then on it is done without. */
    private static final Duration PATIENCE = Duration.ofSeconds(8);

    private static final int PATIENCES = 4;
    private static final boolean LINUX = Files.isDirectory(Path.of("/proc/self/cwd"));

    private Leftover() {}

    /**
     * Ends all that still runs on {@code data} and removes its note.
     *
     * @throws StartRefused when something does not end, with what to do
     */
    static void stop(Path data) throws IOException {
        stop(data, PATIENCE);
    }

    /** @param patience how long each way of asking is given before the next */
    static void stop(Path data, Duration patience) throws IOException {
        long began = System.nanoTime();
        Map<Long, PostgresServer.Signal> told = new HashMap<>();
        while (true) {
            var left = processes(data);
            if (left.isEmpty()) {
                // Its process number may be another program's by now, which PostgreSQL would take for a server.
                Files.deleteIfExists(PostmasterFile.in(data));
                return;
            }
            long asked = (System.nanoTime() - began) / patience.toNanos();
            if (asked >= PATIENCES) {
                throw new StartRefused("A PostgreSQL left behind on " + data + " does not stop: end process "
                        + left.getFirst().pid() + " yourself (kill -KILL), then start again.");
            }
            tell(data, left, asked, told);
            EmbeddedPostgres.pause();
        }
    }

    /**
     * Only a server is asked to shut down. Processes that a killed server left would take the same signals for something
     * else, a shutdown checkpoint for one; they are told to drop everything, as the server would have told them.
     */
    private static void tell(Path data, List<ProcessHandle> left, long asked, Map<Long, PostgresServer.Signal> told) {
        Set<Long> pids = new HashSet<>();
        left.forEach(process -> pids.add(process.pid()));
        long server = PostmasterFile.read(data).map(PostmasterFile::pid).orElse(0L);
        for (ProcessHandle process : left) {
            boolean child = process.parent()
                    .map(ProcessHandle::pid)
                    .filter(pids::contains)
                    .isPresent();
            var signal = asked >= 2
                    ? PostgresServer.Signal.KILL
                    : asked == 1 || process.pid() != server
                            ? PostgresServer.Signal.IMMEDIATE
                            : PostgresServer.Signal.FAST;
            if ((child && signal != PostgresServer.Signal.KILL) || told.get(process.pid()) == signal) {
                continue;
            }
            told.put(process.pid(), signal);
            LOG.info("Stopping a PostgreSQL that a dead process left behind, process {} ({})", process.pid(), signal);
            try {
                signal.send(process.pid());
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Every process of a PostgreSQL on {@code data}, also of one that has not yet written its note. Where the system does
     * not tell what folder a process works in, only the one that the note names.
     */
    static List<ProcessHandle> processes(Path data) {
        Stream<ProcessHandle> candidates = LINUX
                ? ProcessHandle.allProcesses().filter(process -> worksIn(data, process))
                : PostmasterFile.read(data).flatMap(postmaster -> ProcessHandle.of(postmaster.pid())).stream();
        return candidates
                .filter(Leftover::isPostgres)
                .filter(ProcessHandle::isAlive)
                .toList();
    }

    private static boolean worksIn(Path data, ProcessHandle process) {
        try {
            return Files.isSameFile(Path.of("/proc", Long.toString(process.pid()), "cwd"), data);
        } catch (IOException _) {
            return false; // It has ended, or is of a user whose data we could not open either.
        }
    }

    private static boolean isPostgres(ProcessHandle process) {
        // An upgrade may have removed the program that it runs from, which its name then tells.
        return process.info()
                .command()
                .map(command -> command.replace(" (deleted)", ""))
                .filter(command -> command.endsWith("/postgres") || command.endsWith("/initdb"))
                .isPresent();
    }
}
