package io.mixgateway.platform.privacy;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * How long data are kept: each rule, with the time it counts from. Rules with {@link #days} are carried out by {@link
 * RetentionJob}; the others end by what their text says.
 */
public enum Retention {
    /** As long as the account or person is there. */
    WHILE_ACCOUNT,
    /** As long as tax and commercial law asks for the books: ten years in most places. Nothing removes them by itself. */
    BOOKS,
    /** Single generations, from the end of their day. */
    USAGE_DETAILS(400, 35, 3_650),
    /** Keys that nobody can call with any more, from their revocation or expiry. */
    DEAD_KEYS(90, 1, 3_650),
    /** Set-up links, from the moment they were used or expired. */
    USED_LINKS(7, 1, 90),
    /** Sessions, from their end. */
    ENDED_SESSIONS(30, 1, 365),
    /** Idempotency keys, from their use; for as long as {@code idempotency.keep} says, a day by default. They remove themselves. */
    IDEMPOTENCY_KEYS,
    /** Until an operator has looked into it: records that could not be booked. */
    UNTIL_RESOLVED,
    /** As long as the operator's log store keeps lines. The program itself keeps none. */
    LOG_STORE,
    /** Memory only, while the call runs. */
    IN_TRANSIT,
    /** Until the cookie expires or the person deletes it. */
    BROWSER;

    private final String id = name().toLowerCase(Locale.ROOT).replace('_', '-');
    private final int days;
    private final int least;
    private final int most;

    Retention() {
        this(0, 0, 0);
    }

    Retention(int days, int least, int most) {
        this.days = days;
        this.least = least;
        this.most = most;
    }

    /** A stable word for it, which is its setting's name too. */
    public String id() {
        return id;
    }

    /** How long, unless the operator says otherwise; empty for rules that no clock ends. */
    public Optional<Duration> byDefault() {
        return days == 0 ? Optional.empty() : Optional.of(Duration.ofDays(days));
    }

    /** @throws IllegalArgumentException when no such time may be set for this rule */
    public void check(Duration time) {
        if (days == 0) {
            throw new IllegalArgumentException(id + ": is not a matter of time");
        }
        if (time.compareTo(Duration.ofDays(least)) < 0 || time.compareTo(Duration.ofDays(most)) > 0) {
            throw new IllegalArgumentException(
                    id + ": " + time.toDays() + " days (expected: " + least + " to " + most + ")");
        }
    }
}
