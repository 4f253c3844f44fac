package io.mixgateway.relay.money;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * An amount of money in nano-units of its currency: 1 USD = 1 000 000 000. May be negative, as a balance can be.
 * Arithmetic throws {@link ArithmeticException} rather than wrap around.
 */
public record Nanos(long value) implements Comparable<Nanos> {
    public static final Nanos ZERO = new Nanos(0);
    public static final long PER_UNIT = 1_000_000_000L;
    private static final int PLACES = 9;

    /**
     * Reads a decimal such as {@code "1.00"} or {@code "-0.0000001"}.
     *
     * @throws IllegalArgumentException for more than nine places, for anything but digits, and out of range
     */
    public static Nanos parse(String decimal) {
        if (!decimal.matches("-?\\d{1,10}(\\.\\d+)?")) {
            throw new IllegalArgumentException("amount: " + decimal + " (expected: a decimal such as 1.00)");
        }
        try {
            return new Nanos(new BigDecimal(decimal).movePointRight(PLACES).longValueExact());
        } catch (ArithmeticException _) {
            throw new IllegalArgumentException(
                    "amount: " + decimal + " (expected: at most nine places, below 9 billion)");
        }
    }

    public Nanos plus(Nanos other) {
        return new Nanos(Math.addExact(value, other.value));
    }

    public Nanos minus(Nanos other) {
        return new Nanos(Math.subtractExact(value, other.value));
    }

    public boolean isNegative() {
        return value < 0;
    }

    public boolean isPositive() {
        return value > 0;
    }

    @Override
    public int compareTo(Nanos other) {
        return Long.compare(value, other.value);
    }

    /** As JSON and commands write it: a decimal without needless zeros, at least two places: {@code "5.00"}, {@code "0.0001234"}. */
    public String toDecimal() {
        var exact = BigDecimal.valueOf(value, PLACES).stripTrailingZeros();
        return (exact.scale() < 2 ? exact.setScale(2, RoundingMode.UNNECESSARY) : exact).toPlainString();
    }

    @Override
    public String toString() {
        return toDecimal();
    }
}
