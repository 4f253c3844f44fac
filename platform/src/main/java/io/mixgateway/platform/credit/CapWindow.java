package io.mixgateway.platform.credit;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.TemporalAdjusters;

/**
 * The stretch of time over which a spend cap counts: from {@code start} to before {@code end}, by the calendar of the
 * account's time zone, so a day may have 23 or 25 hours. A call counts where it was admitted.
 */
record CapWindow(Instant start, Instant end) {
    private static final Instant NEVER = Instant.parse("9999-01-01T00:00:00Z");

    /**
     * The window of {@code period} that holds {@code now}. Weeks begin on Monday.
     *
     * @throws IllegalArgumentException for a period other than day, week, month, total
     */
    static CapWindow of(String period, Instant now, ZoneId zone) {
        LocalDate today = now.atZone(zone).toLocalDate();
        return switch (period) {
            case "day" -> between(today, today.plusDays(1), zone);
            case "week" -> {
                var monday = today.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
                yield between(monday, monday.plusWeeks(1), zone);
            }
            case "month" ->
                between(today.withDayOfMonth(1), today.withDayOfMonth(1).plusMonths(1), zone);
            case "total" -> new CapWindow(Instant.EPOCH, NEVER);
            default ->
                throw new IllegalArgumentException("period: " + period + " (expected: day, week, month or total)");
        };
    }

    private static CapWindow between(LocalDate first, LocalDate next, ZoneId zone) {
        return new CapWindow(
                first.atStartOfDay(zone).toInstant(), next.atStartOfDay(zone).toInstant());
    }
}
