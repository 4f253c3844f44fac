package io.mixgateway.relay.meter;

import tools.jackson.core.JsonParser;

/** A count of tokens as providers write it. */
public final class ReportedCount {
    /** More than any call can use: what is above it is a mistake or an attack. */
    private static final long MOST = 1L << 50;

    private ReportedCount() {}

    /**
     * The number that the parser stands on, in tokens.
     *
     * @throws ArithmeticException when it is no whole number, negative, or more than any call can use
     */
    public static long read(JsonParser parser) {
        var type = parser.getNumberType();
        if (type != JsonParser.NumberType.INT && type != JsonParser.NumberType.LONG) {
            throw new ArithmeticException("token count: a " + type);
        }
        long value = parser.getLongValue();
        if (value < 0 || value > MOST) {
            throw new ArithmeticException("token count: " + value);
        }
        return value;
    }
}
