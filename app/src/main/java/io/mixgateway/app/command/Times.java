package io.mixgateway.app.command;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a point in time: RFC 3339, a date (its first moment, UTC), or a span from now such as {@code 90d}. */
final class Times implements ITypeConverter<Instant> {
    private static final Pattern SPAN = Pattern.compile("(\\d{1,6})([mhd])");

    private final Clock clock;

    /** For picocli. */
    Times() {
        this(Clock.systemUTC());
    }

    Times(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Instant convert(String text) {
        var span = SPAN.matcher(text);
        if (span.matches()) {
            long count = Long.parseLong(span.group(1));
            return clock.instant()
                    .plus(
                            switch (span.group(2)) {
                                case "m" -> Duration.ofMinutes(count);
                                case "h" -> Duration.ofHours(count);
                                default -> Duration.ofDays(count);
                            });
        }
        try {
            return text.length() <= 10
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : java.time.OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException _) {
            throw new TypeConversionException(
                    "'" + text + "' is no time (expected: 2027-01-31T00:00:00Z, 2027-01-31 or a span such as 90d)");
        }
    }
}
