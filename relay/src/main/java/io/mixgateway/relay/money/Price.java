package io.mixgateway.relay.money;

import static java.util.Objects.requireNonNull;

import io.mixgateway.relay.meter.Usage;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * What one endpoint charges. Every rate is in nanos per million tokens, so $0.40 per million is 400 000 000;
 * {@code request} is nanos per request. Rates are never negative, and a price of all zeros must say {@code free}.
 *
 * <p>A cost is the exact sum of count × rate, divided by a million once, rounded half up to a whole nano.
 *
 * @param version names this price for ever: generations keep it
 */
public record Price(
        String version,
        boolean free,
        long input,
        long cacheRead,
        long cacheWrite5m,
        long cacheWrite1h,
        long output,
        long reasoning,
        long audioInput,
        long audioOutput,
        long imageInput,
        long imageOutput,
        long request) {
    private static final long MILLION = 1_000_000L;
    private static final BigInteger BIG_MILLION = BigInteger.valueOf(MILLION);
    private static final BigInteger HALF_MILLION = BigInteger.valueOf(MILLION / 2);

    public Price {
        requireNonNull(version, "version");
        long any = input
                | cacheRead
                | cacheWrite5m
                | cacheWrite1h
                | output
                | reasoning
                | audioInput
                | audioOutput
                | imageInput
                | imageOutput
                | request;
        if (any < 0) {
            throw new IllegalArgumentException("price " + version + ": a negative rate (expected: >= 0)");
        }
        if (any == 0 && !free) {
            throw new IllegalArgumentException(
                    "price " + version + ": all rates are 0 (expected: a rate, or free: true)");
        }
    }

    /** A price that charges nothing because somebody said so. */
    public static Price free(String version) {
        return new Price(version, true, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    /**
     * What {@code usage} costs.
     *
     * @throws ArithmeticException when it does not fit a long
     */
    public Nanos cost(Usage usage) {
        if (free) {
            return Nanos.ZERO;
        }
        try {
            long sum = 0;
            sum = Math.addExact(sum, Math.multiplyExact(usage.input(), input));
            sum = Math.addExact(sum, Math.multiplyExact(usage.cacheRead(), cacheRead));
            sum = Math.addExact(sum, Math.multiplyExact(usage.cacheWrite5m(), cacheWrite5m));
            sum = Math.addExact(sum, Math.multiplyExact(usage.cacheWrite1h(), cacheWrite1h));
            sum = Math.addExact(sum, Math.multiplyExact(usage.output(), output));
            sum = Math.addExact(sum, Math.multiplyExact(usage.reasoning(), reasoning));
            sum = Math.addExact(sum, Math.multiplyExact(usage.audioInput(), audioInput));
            sum = Math.addExact(sum, Math.multiplyExact(usage.audioOutput(), audioOutput));
            sum = Math.addExact(sum, Math.multiplyExact(usage.imageInput(), imageInput));
            sum = Math.addExact(sum, Math.multiplyExact(usage.imageOutput(), imageOutput));
            return new Nanos(Math.addExact(Math.addExact(sum, MILLION / 2) / MILLION, request));
        } catch (ArithmeticException _) {
            return wideCost(usage);
        }
    }

    private Nanos wideCost(Usage usage) {
        var sum = BigInteger.ZERO;
        for (Line line : lines(usage)) {
            sum = sum.add(BigInteger.valueOf(line.count()).multiply(BigInteger.valueOf(line.ratePerMillion())));
        }
        var rounded = sum.add(HALF_MILLION).divide(BIG_MILLION).add(BigInteger.valueOf(request));
        return new Nanos(rounded.longValueExact());
    }

    /** One class of a cost, for the receipt. {@code ratePerMillion} is in nanos per million tokens. */
    public record Line(String what, long count, long ratePerMillion) {}

    /** The multiplication line by line: every class with a count above zero. */
    public List<Line> lines(Usage usage) {
        var lines = new ArrayList<Line>(4);
        add(lines, "input", usage.input(), input);
        add(lines, "cache_read", usage.cacheRead(), cacheRead);
        add(lines, "cache_write_5m", usage.cacheWrite5m(), cacheWrite5m);
        add(lines, "cache_write_1h", usage.cacheWrite1h(), cacheWrite1h);
        add(lines, "output", usage.output(), output);
        add(lines, "reasoning", usage.reasoning(), reasoning);
        add(lines, "audio_input", usage.audioInput(), audioInput);
        add(lines, "audio_output", usage.audioOutput(), audioOutput);
        add(lines, "image_input", usage.imageInput(), imageInput);
        add(lines, "image_output", usage.imageOutput(), imageOutput);
        return List.copyOf(lines);
    }

    private static void add(List<Line> lines, String what, long count, long rate) {
        if (count > 0) {
            lines.add(new Line(what, count, rate));
        }
    }
}
