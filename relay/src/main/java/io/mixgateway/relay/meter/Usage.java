package io.mixgateway.relay.meter;

/**
 * Counts of one generation, in disjoint classes: every token is in exactly one of them.
 *
 * @param input uncached text input tokens
 * @param cacheRead input tokens read from the provider's prompt cache
 * @param cacheWrite5m input tokens written to the cache for five minutes (or for the provider's only term)
 * @param cacheWrite1h input tokens written to the cache for an hour
 * @param output visible text output tokens
 * @param reasoning output tokens spent on hidden reasoning
 * @param audioInput audio input tokens
 * @param audioOutput audio output tokens
 * @param imageInput image input tokens, where the provider reports them apart from text
 * @param imageOutput image output tokens
 * @param providerTotal the total the provider itself reported, or -1 when it reported none
 */
public record Usage(
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
        long providerTotal) {
    public static final Usage NONE = text(0, 0, -1);

    public Usage {
        if ((input
                        | cacheRead
                        | cacheWrite5m
                        | cacheWrite1h
                        | output
                        | reasoning
                        | audioInput
                        | audioOutput
                        | imageInput
                        | imageOutput)
                < 0) {
            throw new IllegalArgumentException("usage: a negative count (expected: >= 0)");
        }
    }

    /** Plain text in and out. */
    public static Usage text(long input, long output, long providerTotal) {
        return new Usage(input, 0, 0, 0, output, 0, 0, 0, 0, 0, providerTotal);
    }

    public long cacheWrite() {
        return Math.addExact(cacheWrite5m, cacheWrite1h);
    }

    /** All tokens of the prompt, cached or not, of any kind: what picks a price tier. */
    public long totalInput() {
        return input + cacheRead + cacheWrite5m + cacheWrite1h + audioInput + imageInput;
    }

    public long totalOutput() {
        return output + reasoning + audioOutput + imageOutput;
    }

    public long total() {
        return Math.addExact(totalInput(), totalOutput());
    }

    /** Whether the classes add up to what the provider reported, or it reported no total. */
    public boolean addsUp() {
        return providerTotal < 0 || providerTotal == total();
    }
}
