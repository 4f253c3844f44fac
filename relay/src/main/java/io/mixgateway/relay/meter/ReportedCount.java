package io.mixgateway.relay.meter;

import tools.jackson.core.JsonParser;

/** A count of tokens as providers write it. */
public final class ReportedCount {
    /** More than any call can use (134 million): what is above it is a mistake or an attack. */
    private static final long MOST = 1L << 27;

    private ReportedCount() {}

    /**
     * The number that the parser stands on, in tokens.
     *
     * @throws ArithmeticException when it is no whole number, negative, or more than any call can use
     */
    public static long read(JsonParser parser) {
        long value = switch (parser.currentToken()) {
            case VALUE_NUMBER_INT -> whole(parser);
            case VALUE_NUMBER_FLOAT -> parser.getDecimalValue().longValueExact(); // "7.0", as some servers write it
            default -> throw new ArithmeticException("token count: a " + parser.currentToken());
        };
        if (value < 0 || value > MOST) {
            throw new ArithmeticException("token count: " + value);
        }
        return value;
    }

    private static long whole(JsonParser parser) {
        if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            throw new ArithmeticException("token count: beyond 64 bits");
        }
        return parser.getLongValue();
    }
}
