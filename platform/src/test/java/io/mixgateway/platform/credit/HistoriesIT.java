package io.mixgateway.platform.credit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * Random histories of calls, grants, chargebacks and caps over three nodes that fail, compared with a plain model step by
 * step, and all invariants after each; as many as fit the time. A failure names its seed: {@code -Dhistories.seed=N
 * -Dhistories=1} plays it alone, {@code -Dhistories=100000 -Dhistories.seconds=36000} plays many.
 */
class HistoriesIT {
    private static final int HISTORIES = Integer.getInteger("histories", 2_000);
    private static final int FIRST_SEED = Integer.getInteger("histories.seed", 1);
    private static final int FEWEST = Math.min(HISTORIES, 100);
    private static final Duration TIME = Duration.ofSeconds(Integer.getInteger("histories.seconds", 50));
    private static final int AT_ONCE = 16;

    @TempDir
    Path dir;

    // FAILURES 41, 42, 43, 45, 48, 49
    @Test
    void everyHistoryKeepsTheInvariants() throws Exception {
        long began = System.nanoTime();
        var loud = List.of(quiet("com.zaxxer.hikari.pool"), quiet("io.mixgateway.platform.credit"));
        try (var world = new MoneyWorld(dir);
                var threads = Executors.newVirtualThreadPerTaskExecutor();
                var fleet = new FailingFleet(world, new Random(FIRST_SEED));
                var endings = new HistoryEndings(world)) {
            var places = new Semaphore(AT_ONCE);
            var histories = new ArrayList<CompletableFuture<Void>>();
            for (int i = 0; i < HISTORIES && (i < FEWEST || System.nanoTime() - began < TIME.toNanos()); i++) {
                int seed = FIRST_SEED + i;
                places.acquire();
                // A history that only waits for its rows and the next check of the books leaves its place to another.
                histories.add(CompletableFuture.supplyAsync(() -> new History(world, fleet, seed).play(), threads)
                        .whenComplete((_, _) -> places.release())
                        .thenCompose(endings::await));
            }
            CompletableFuture.allOf(histories.toArray(CompletableFuture[]::new)).join();
            fleet.mend();
            world.quiet();
            System.out.printf(
                    "%d histories in %d s: %s; %s%n",
                    histories.size(), (System.nanoTime() - began) / 1_000_000_000, fleet, endings);
        } finally {
            loud.forEach(logger -> logger.setLevel(null));
        }
    }

    /** Failures are made here on purpose, some a second. */
    private static Logger quiet(String name) {
        var logger = (Logger) LoggerFactory.getLogger(name);
        logger.setLevel(Level.ERROR);
        return logger;
    }
}
