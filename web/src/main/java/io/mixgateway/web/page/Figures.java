package io.mixgateway.web.page;

import io.mixgateway.relay.money.Nanos;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Currency;
import java.util.Locale;

/** Numbers, money and times as a page in one language writes them. */
public final class Figures {
    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("uuuu-MM-dd", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final int PLACES = 9;
    private static final BigDecimal THOUSAND = BigDecimal.valueOf(1_000);
    private static final BigDecimal TENTH = new BigDecimal("0.1");
    private static final BigDecimal MILLIONTH = new BigDecimal("0.000001");

    private final Locale locale;

    Figures(Locale locale) {
        this.locale = locale;
    }

    /** A whole number with its groups: {@code 12,345}. */
    public String count(long number) {
        return format("#,##0", BigDecimal.valueOf(number));
    }

    /** An amount to the last nano that it has, at least two places: {@code $0.0001234}. */
    public String exactly(Nanos amount, String currency) {
        return money(BigDecimal.valueOf(amount.value(), PLACES), "#,##0.00#######", currency);
    }

    /**
     * An amount as people read it, at least two places: {@code $12.34}, {@code $4.998728}. Above a thousand in whole cents;
     * below it to the millionth, so that amounts which belong together add up.
     */
    public String money(Nanos amount, String currency) {
        var exact = BigDecimal.valueOf(amount.value(), PLACES);
        return exact.abs().compareTo(THOUSAND) < 0
                ? toTheMillionth(exact, "#,##0.00####", currency)
                : money(exact, "#,##0.00", currency);
    }

    /** An amount with six places, for columns whose points stand below each other. */
    public String column(Nanos amount, String currency) {
        return toTheMillionth(BigDecimal.valueOf(amount.value(), PLACES), "#,##0.000000", currency);
    }

    /** What is there is never shown as nothing: {@code < $0.000001}. */
    private String toTheMillionth(BigDecimal amount, String pattern, String currency) {
        if (amount.signum() != 0 && amount.abs().compareTo(MILLIONTH) < 0) {
            return (amount.signum() < 0 ? "> −" : "< ") + money(MILLIONTH, pattern, currency);
        }
        return money(amount, pattern, currency);
    }

    /** An amount with nine places, the finest there are, for a receipt's column. */
    public String fine(Nanos amount, String currency) {
        return money(BigDecimal.valueOf(amount.value(), PLACES), "#,##0.000000000", currency);
    }

    /** A rate in nanos per million tokens: {@code $0.40}. */
    public String rate(long nanosPerMillion, String currency) {
        return money(BigDecimal.valueOf(nanosPerMillion, PLACES), "#,##0.00#####", currency);
    }

    /** {@code 812 ms}, {@code 1.42 s}, {@code 3 min 5 s}. */
    public String millis(long millis) {
        if (millis < 1_000) {
            return count(millis) + " ms";
        }
        if (millis < 60_000) {
            return format("0.00", BigDecimal.valueOf(millis, 3)) + " s";
        }
        var time = Duration.ofMillis(millis);
        return time.toMinutes() + " min " + time.toSecondsPart() + " s";
    }

    /** A part of a whole: {@code 1.5%}; {@code < 0.1%} of what is there all the same; a dash of nothing. */
    public String percent(long part, long whole) {
        if (whole == 0) {
            return "–";
        }
        var percent =
                BigDecimal.valueOf(part).movePointRight(2).divide(BigDecimal.valueOf(whole), 1, RoundingMode.HALF_UP);
        return part > 0 && percent.signum() == 0 ? "< " + format("0.0", TENTH) + "%" : format("0.0", percent) + "%";
    }

    /** For people until script puts it into their zone: {@code 2026-11-23 14:05 UTC}. */
    public String time(Instant time) {
        return MINUTE.format(time);
    }

    public String day(Instant time) {
        return DAY.format(time);
    }

    private String money(BigDecimal amount, String pattern, String currency) {
        var symbol = Currency.getInstance(currency).getSymbol(Locale.US);
        return (amount.signum() < 0 ? "−" : "") + symbol + format(pattern, amount.abs());
    }

    private String format(String pattern, BigDecimal number) {
        return new DecimalFormat(pattern, DecimalFormatSymbols.getInstance(locale)).format(number);
    }
}
