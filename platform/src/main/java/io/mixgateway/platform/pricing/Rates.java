package io.mixgateway.platform.pricing;

import io.mixgateway.relay.money.Nanos;
import io.mixgateway.relay.money.Price;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * What a model costs, before it has a version: nanos per million tokens, {@code request} in nanos per request. Free means
 * that every rate is 0 and somebody said so.
 */
public record Rates(
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
    private static final int LONGS = 11;

    /** @throws IllegalArgumentException for a negative rate, all 0 without free, and free with a rate */
    public Rates {
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
            throw new IllegalArgumentException("price: a negative rate (expected: 0 or more)");
        }
        if (free && any != 0) {
            throw new IllegalArgumentException("price: free, and with a rate (expected: one or the other)");
        }
        if (!free && any == 0) {
            throw new IllegalArgumentException("price: all rates are 0 (expected: a rate, or free: true)");
        }
    }

    public static Rates ofFree() {
        return new Rates(true, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    /** The rates of a price. */
    public static Rates of(Price price) {
        return new Rates(
                price.free(),
                price.input(),
                price.cacheRead(),
                price.cacheWrite5m(),
                price.cacheWrite1h(),
                price.output(),
                price.reasoning(),
                price.audioInput(),
                price.audioOutput(),
                price.imageInput(),
                price.imageOutput(),
                price.request());
    }

    /**
     * A rate as price lists write it, in units of the currency per million tokens: {@code "0.40"}.
     *
     * @return nanos per million tokens
     * @throws IllegalArgumentException for a negative one, NaN, an exponent, more than nine places, nothing
     */
    public static long rate(String decimal) {
        var amount = Nanos.parse(decimal);
        if (amount.isNegative()) {
            throw new IllegalArgumentException("rate: " + decimal + " (expected: 0 or more)");
        }
        return amount.value();
    }

    /** These rates under a name. */
    public Price as(String version) {
        return new Price(
                version,
                free,
                input,
                cacheRead,
                cacheWrite5m,
                cacheWrite1h,
                output,
                reasoning,
                audioInput,
                audioOutput,
                imageInput,
                imageOutput,
                request);
    }

    /** Eight hex digits that tell two versions of one moment apart for a human reader. */
    String fingerprint() {
        var bytes = ByteBuffer.allocate(LONGS * Long.BYTES);
        for (long rate : new long[] {
            input,
            cacheRead,
            cacheWrite5m,
            cacheWrite1h,
            output,
            reasoning,
            audioInput,
            audioOutput,
            imageInput,
            imageOutput,
            request
        }) {
            bytes.putLong(rate);
        }
        var sum = new CRC32C();
        sum.update(bytes.array());
        sum.update(Boolean.toString(free).getBytes(StandardCharsets.US_ASCII));
        return HexFormat.of().toHexDigits((int) sum.getValue());
    }
}
