package io.mixgateway.platform.credit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * Random histories of calls, grants, chargebacks and caps over three nodes that fail, compared with a plain model step by
 * step, and all invariants after each; two thousand, and what more fits the time. A failure names its seed: {@code -Dhistories.seed=N
 * -Dhistories=1} plays it alone, {@code -Dhistories=100000 -Dhistories.seconds=36000} plays many.
 */
class HistoriesIT {
    private static final int HISTORIES = Integer.getInteger("histories", 10_000);
    private static final int FIRST_SEED = Integer.getInteger("histories.seed", 1);
    private static final int FEWEST = Math.min(HISTORIES, 2_000);
    private static final Duration TIME = Duration.ofSeconds(Integer.getInteger("histories.seconds", 60));
    /** A history mostly waits for nodes that fail: several fleets, each with a database of its own, fill the time. */
    private static final int FLEETS = Math.min(HISTORIES, 4);

    private static final int AT_ONCE_IN_EACH = 16;

    @TempDir
    Path dir;

    /** Three nodes, and what must be true of the histories that they play. */
    private static final class Stage implements AutoCloseable {
        private final MoneyWorld world;
        private final FailingFleet fleet;
        private final HistoryEndings endings;
        private final Semaphore places = new Semaphore(AT_ONCE_IN_EACH);
        private final List<CompletableFuture<Void>> histories = new ArrayList<>();

        Stage(Path dir, int number) {
            world = new MoneyWorld(dir);
            fleet = new FailingFleet(world, new Random(FIRST_SEED + number));
            endings = new HistoryEndings(world);
        }

        void play(int seed, Executor threads) throws InterruptedException {
            places.acquire();
            // A history that only waits for its rows and the next check of the books leaves its place to another.
            histories.add(CompletableFuture.supplyAsync(() -> new History(world, fleet, seed).play(), threads)
                    .whenComplete((_, _) -> places.release())
                    .thenCompose(endings::await));
        }

        void end() throws InterruptedException {
            CompletableFuture.allOf(histories.toArray(CompletableFuture[]::new)).join();
            fleet.mend();
            world.quiet();
        }

        @Override
        public void close() {
            endings.close();
            fleet.close();
            world.close();
        }
    }

    // FAILURES 41, 42, 43, 45, 48, 49
    @Test
    void everyHistoryKeepsTheInvariants() throws Exception {
        var loud = List.of(quiet("com.zaxxer.hikari.pool"), quiet("io.mixgateway.platform.credit"));
        long began = System.nanoTime();
        var seeds = new AtomicInteger();
        var stages = new ArrayList<Stage>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < FLEETS; i++) {
                stages.add(new Stage(Files.createDirectory(dir.resolve("fleet" + i)), i));
            }
            var all = new ArrayList<CompletableFuture<Void>>();
            for (Stage stage : stages) {
                all.add(CompletableFuture.runAsync(
                        () -> {
                            try {
                                for (int i;
                                        (i = seeds.getAndIncrement()) < HISTORIES
                                                && (i < FEWEST || System.nanoTime() - began < TIME.toNanos()); ) {
                                    stage.play(FIRST_SEED + i, threads);
                                }
                                stage.end();
                            } catch (InterruptedException e) {
                                throw new CompletionException(e);
                            }
                        },
                        threads));
            }
            CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
            int played =
                    stages.stream().mapToInt(stage -> stage.histories.size()).sum();
            System.out.printf("%d histories in %d s%n", played, (System.nanoTime() - began) / 1_000_000_000);
            stages.forEach(stage -> System.out.println("  " + stage.fleet + "; " + stage.endings));
        } finally {
            stages.forEach(Stage::close);
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
