package io.mixgateway.platform.privacy;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the {@link RetentionJob} once a day: some minutes after the start, and whenever the last run of any node is a day
 * old. What fails is tried again an hour later.
 */
public final class DailyRetention implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DailyRetention.class);
    private static final Duration FIRST = Duration.ofMinutes(5);
    private static final Duration LOOK_AGAIN = Duration.ofHours(1);
    private static final Duration EVERY = Duration.ofHours(24);

    private final RetentionJob job;
    private final InstantSource clock;
    private final Thread thread;

    private DailyRetention(RetentionJob job, InstantSource clock) {
        this.job = job;
        this.clock = clock;
        this.thread = Thread.ofVirtual().name("retention").start(this::run);
    }

    public static DailyRetention start(RetentionJob job, InstantSource clock) {
        return new DailyRetention(job, clock);
    }

    private void run() {
        try {
            Thread.sleep(FIRST);
            while (true) {
                turn();
                Thread.sleep(LOOK_AGAIN);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void turn() {
        try {
            if (isDue(clock.instant())) {
                var report = job.run();
                log.info(
                        "Retention removed: {}",
                        report.removed().stream()
                                .map(one -> one.rows() + " by " + one.rule().id())
                                .collect(Collectors.joining(", ")));
            }
        } catch (RuntimeException failed) {
            log.warn("Retention failed and is tried again in an hour", failed);
        }
    }

    private boolean isDue(Instant now) {
        return job.lastRun().filter(at -> at.isAfter(now.minus(EVERY))).isEmpty();
    }

    /** Stops it. What is under way is rolled back. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
