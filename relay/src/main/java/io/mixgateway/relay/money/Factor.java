package io.mixgateway.relay.money;

import java.math.BigDecimal;
import java.math.BigInteger;

/** What list rates are multiplied by: an operator's markup and a plan's discount, both in millionths. */
record Factor(int markupMillionths, int discountMillionths) {
    private static final int ONE = 1_000_000;
    private static final BigInteger SQUARE = BigInteger.valueOf((long) ONE * ONE);

    Factor {
        if (markupMillionths < 0 || markupMillionths > 100 * ONE) {
            throw new IllegalArgumentException(
                    "markup: " + markupMillionths + " millionths (expected: 0 to 100 times)");
        }
        if (discountMillionths < 0 || discountMillionths > ONE) {
            throw new IllegalArgumentException("discount: " + discountMillionths + " millionths (expected: 0 to all)");
        }
    }

    boolean isOne() {
        return markupMillionths == 0 && discountMillionths == 0;
    }

    /** @throws ArithmeticException when it does not fit a long */
    long of(long rate) {
        return BigInteger.valueOf(rate)
                .multiply(BigInteger.valueOf((long) ONE + markupMillionths))
                .multiply(BigInteger.valueOf((long) ONE - discountMillionths))
                .add(SQUARE.shiftRight(1))
                .divide(SQUARE)
                .longValueExact();
    }

    /** Millionths as people read them: {@code 5%}, {@code 12.5%}. */
    static String percent(int millionths) {
        return BigDecimal.valueOf(millionths, 4).stripTrailingZeros().toPlainString() + "%";
    }
}
