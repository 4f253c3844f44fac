package io.mixgateway.platform.store;

import java.time.Duration;

/**
 * Connections by what they are for, so that a slow page or a long job can never keep a login or a charge waiting. Few
 * each: a node takes 16 of them at most, and one to listen, so five nodes fit a PostgreSQL of 100.
 */
public enum Pool {
    /** Who is calling: short look-ups on a call's way in. */
    AUTH(4, Duration.ofSeconds(2), Duration.ofSeconds(3)),
    /** Money: leases, the flush of the journal, grants. */
    LEDGER(4, Duration.ofSeconds(5), Duration.ofSeconds(20)),
    /** What people look at. */
    PAGES(4, Duration.ofSeconds(3), Duration.ofSeconds(10)),
    /** Background work and commands. */
    JOBS(4, Duration.ofSeconds(10), Duration.ofMinutes(5));

    private static final Duration GRACE = Duration.ofSeconds(3);

    private final int size;
    private final Duration acquire;
    private final Duration statement;

    Pool(int size, Duration acquire, Duration statement) {
        this.size = size;
        this.acquire = acquire;
        this.statement = statement;
    }

    int size() {
        return size;
    }

    /** The longest wait for a connection. */
    Duration acquire() {
        return acquire;
    }

    /** The longest a statement may run; the server ends it then. */
    Duration statement() {
        return statement;
    }

    /**
     * Whether the server may spread a statement over several processes. Starting those takes tens of milliseconds: more than
     * the statements that somebody waits for take alone.
     */
    boolean maySpread() {
        return this == JOBS;
    }

    /** The longest silence on the socket: a frozen server is given up a little after it should have ended the statement. */
    Duration silence() {
        return statement.plus(GRACE);
    }
}
