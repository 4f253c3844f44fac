package io.mixgateway.platform.credit;

import java.time.Duration;

/**
 * The times and bounds of leases, holds and the flush. {@link #DEFAULTS} fit production; docs/money.md says what each
 * is for.
 *
 * @param leaseLife how long a node may draw on its leases without having reached the database
 * @param grace how much longer others wait before they release a silent node's leases; also covers the clocks' drift
 * @param heartbeatEvery how often a node says that it is alive
 * @param idleAfter how long a slice may lie unused before it is handed back
 * @param flushEvery the longest a record waits before a flush begins
 * @param reportEvery how often what is held is told to the database
 * @param refreshEvery how often caps and the account's state are read again for those that call
 * @param coldWait the longest a call waits for the database's answer
 * @param recallWait the longest a node waits for others to hand back; below {@code coldWait}, so that the call hears of it
 * @param batchRecords the most generations of one flush
 * @param maxBacklogBytes the journal's length at which no new calls are taken
 * @param maxWaiting the most calls of one account that wait for the database at once
 */
public record CreditSettings(
        Duration leaseLife,
        Duration grace,
        Duration heartbeatEvery,
        Duration idleAfter,
        Duration flushEvery,
        Duration reportEvery,
        Duration refreshEvery,
        Duration coldWait,
        Duration recallWait,
        int batchRecords,
        long maxBacklogBytes,
        int maxWaiting) {
    public static final CreditSettings DEFAULTS = new CreditSettings(
            Duration.ofMinutes(2),
            Duration.ofSeconds(30),
            Duration.ofSeconds(5),
            Duration.ofMillis(1500),
            Duration.ofMillis(400),
            Duration.ofMillis(400),
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            Duration.ofSeconds(4),
            2_000,
            1L << 30,
            10_000);

    public CreditSettings {
        if (batchRecords < 1 || maxBacklogBytes < 1 || maxWaiting < 1) {
            throw new IllegalArgumentException("credit settings: a bound below 1 (expected: at least 1)");
        }
        if (leaseLife.compareTo(heartbeatEvery) <= 0) {
            throw new IllegalArgumentException(
                    "lease life: " + leaseLife + " (expected: longer than a heartbeat, " + heartbeatEvery + ")");
        }
    }

    /** The same with another life and grace of leases: short ones let a fleet forget a dead node sooner. */
    public CreditSettings withLeases(Duration life, Duration wait, Duration heartbeat) {
        return new CreditSettings(
                life,
                wait,
                heartbeat,
                idleAfter,
                flushEvery,
                reportEvery,
                refreshEvery,
                coldWait,
                recallWait,
                batchRecords,
                maxBacklogBytes,
                maxWaiting);
    }

    /** The same with another time between flushes. */
    CreditSettings withFlushEvery(Duration every) {
        return new CreditSettings(
                leaseLife,
                grace,
                heartbeatEvery,
                idleAfter,
                every,
                reportEvery,
                refreshEvery,
                coldWait,
                recallWait,
                batchRecords,
                maxBacklogBytes,
                maxWaiting);
    }

    /** The same with another bound of the journal. */
    public CreditSettings withMaxBacklogBytes(long bytes) {
        return new CreditSettings(
                leaseLife,
                grace,
                heartbeatEvery,
                idleAfter,
                flushEvery,
                reportEvery,
                refreshEvery,
                coldWait,
                recallWait,
                batchRecords,
                bytes,
                maxWaiting);
    }
}
