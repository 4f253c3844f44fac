package io.mixgateway.relay.meter;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;

/** Counts of one generation, in the disjoint classes of {@link UsageClass}: every token is in exactly one of them. */
public final class Usage {
    private static final UsageClass[] CLASSES = UsageClass.values();

    public static final Usage NONE = text(0, 0, -1);

    private final long[] counts;
    private final long providerTotal;
    private final ServiceTier tier;

    /** Keeps {@code counts}: the caller gives it away. */
    private Usage(long[] counts, long providerTotal, ServiceTier tier) {
        for (long count : counts) {
            if (count < 0) {
                throw new IllegalArgumentException("usage: a negative count (expected: >= 0)");
            }
        }
        this.counts = counts;
        this.providerTotal = providerTotal;
        this.tier = requireNonNull(tier, "tier");
    }

    /** All counts in the order of {@link UsageClass}. */
    public Usage(
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
        this(
                new long[] {
                    input,
                    cacheRead,
                    cacheWrite5m,
                    cacheWrite1h,
                    output,
                    reasoning,
                    audioInput,
                    audioOutput,
                    imageInput,
                    imageOutput
                },
                providerTotal,
                ServiceTier.STANDARD);
    }

    /**
     * The counts by class.
     *
     * @param counts in the order of {@link UsageClass}, copied
     * @param providerTotal the total the provider itself reported, or -1 when it reported none
     */
    public static Usage of(long[] counts, long providerTotal) {
        if (counts.length != CLASSES.length) {
            throw new IllegalArgumentException(
                    "usage: " + counts.length + " counts (expected: " + CLASSES.length + ")");
        }
        return new Usage(counts.clone(), providerTotal, ServiceTier.STANDARD);
    }

    /** The same and so many tokens of text more, which the provider did not report. */
    public Usage withOutput(long more) {
        var all = counts.clone();
        all[UsageClass.OUTPUT.position()] += more;
        return new Usage(all, -1, tier);
    }

    /** Plain text in and out. */
    public static Usage text(long input, long output, long providerTotal) {
        var counts = new long[CLASSES.length];
        counts[UsageClass.INPUT.position()] = input;
        counts[UsageClass.OUTPUT.position()] = output;
        return new Usage(counts, providerTotal, ServiceTier.STANDARD);
    }

    /** The same counts, served in {@code other}. */
    public Usage in(ServiceTier other) {
        return tier == other ? this : new Usage(counts, providerTotal, other);
    }

    public long of(UsageClass what) {
        return counts[what.position()];
    }

    /** By {@link UsageClass#position}. */
    public long at(int position) {
        return counts[position];
    }

    /** What the provider itself said the sum is; -1 when it did not. */
    public long providerTotal() {
        return providerTotal;
    }

    /** In which tier the provider says it served the call. A generation keeps it by the version of its price. */
    public ServiceTier serviceTier() {
        return tier;
    }

    public long input() {
        return of(UsageClass.INPUT);
    }

    public long cacheRead() {
        return of(UsageClass.CACHE_READ);
    }

    public long cacheWrite5m() {
        return of(UsageClass.CACHE_WRITE_5M);
    }

    public long cacheWrite1h() {
        return of(UsageClass.CACHE_WRITE_1H);
    }

    public long cacheWrite() {
        return Math.addExact(cacheWrite5m(), cacheWrite1h());
    }

    public long output() {
        return of(UsageClass.OUTPUT);
    }

    public long reasoning() {
        return of(UsageClass.REASONING);
    }

    public long audioInput() {
        return of(UsageClass.AUDIO_INPUT);
    }

    public long audioOutput() {
        return of(UsageClass.AUDIO_OUTPUT);
    }

    public long imageInput() {
        return of(UsageClass.IMAGE_INPUT);
    }

    public long imageOutput() {
        return of(UsageClass.IMAGE_OUTPUT);
    }

    /** All tokens of the prompt, cached or not, of any kind: what picks a price for long prompts. */
    public long totalInput() {
        return sum(true);
    }

    public long totalOutput() {
        return sum(false);
    }

    private long sum(boolean prompt) {
        long sum = 0;
        for (UsageClass what : CLASSES) {
            if (what.isPrompt() == prompt) {
                sum += counts[what.position()];
            }
        }
        return sum;
    }

    public long total() {
        return Math.addExact(totalInput(), totalOutput());
    }

    /** Whether the classes add up to what the provider reported, or it reported no total. */
    public boolean addsUp() {
        return providerTotal < 0 || providerTotal == total();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Usage that
                && Arrays.equals(counts, that.counts)
                && providerTotal == that.providerTotal
                && tier == that.tier;
    }

    @Override
    public int hashCode() {
        return 31 * (31 * Arrays.hashCode(counts) + Long.hashCode(providerTotal)) + tier.hashCode();
    }

    @Override
    public String toString() {
        var text = new StringBuilder("Usage[");
        for (UsageClass what : CLASSES) {
            if (of(what) != 0) {
                text.append(what.code()).append('=').append(of(what)).append(", ");
            }
        }
        return text.append("provider_total=")
                .append(providerTotal)
                .append(tier == ServiceTier.STANDARD ? "" : ", " + tier.code())
                .append(']')
                .toString();
    }
}
