package io.mixgateway.relay.money;

import static java.util.Objects.requireNonNull;

import io.mixgateway.relay.meter.UsageClass;
import java.util.List;
import java.util.Map;

/**
 * What one endpoint charges in one service tier, before it has a version: the provider's list rates and the operator's
 * markup on them. Free means that every rate is 0 and somebody said so.
 *
 * @param base rates of prompts of any length that no longer one below says otherwise
 * @param longPrompts other rates for whole calls with longer prompts, the shortest first
 * @param request nanos for each request
 * @param markupMillionths what the operator adds, in millionths: 50 000 is 5 %
 */
public record Tariff(boolean free, Rates base, List<LongPrompt> longPrompts, long request, int markupMillionths) {
    /** Costs nothing, because somebody said so. */
    public static final Tariff FREE = new Tariff(true, Rates.NOTHING, List.of(), 0, 0);

    /**
     * Rates of calls whose whole prompt has more than {@code above} tokens, cached ones included.
     *
     * @param above tokens, at least 1
     */
    public record LongPrompt(long above, Rates rates) {
        public LongPrompt {
            requireNonNull(rates, "rates");
            if (above < 1) {
                throw new IllegalArgumentException("long prompt: above " + above + " tokens (expected: 1 or more)");
            }
        }
    }

    /** @throws IllegalArgumentException for negative rates, all 0 without free, free with a rate, and lengths out of order */
    public Tariff {
        requireNonNull(base, "base");
        longPrompts = List.copyOf(longPrompts);
        for (int i = 1; i < longPrompts.size(); i++) {
            if (longPrompts.get(i - 1).above() >= longPrompts.get(i).above()) {
                throw new IllegalArgumentException("long prompts: not in order (expected: the shortest first)");
            }
        }
        if (request < 0) {
            throw new IllegalArgumentException("price: a negative rate (expected: 0 or more)");
        }
        boolean zero = request == 0
                && base.areZero()
                && longPrompts.stream().allMatch(tier -> tier.rates().areZero());
        if (free && !zero) {
            throw new IllegalArgumentException("price: free, and with a rate (expected: one or the other)");
        }
        if (!free && zero) {
            throw new IllegalArgumentException("price: all rates are 0 (expected: a rate, or free: true)");
        }
        var _ = new Factor(markupMillionths, 0);
    }

    /** Rates that do not depend on the prompt's length. */
    public static Tariff of(Rates rates) {
        return of(rates, 0);
    }

    /** Rates, and nanos for each request: one of both may be all there is. */
    public static Tariff of(Rates rates, long request) {
        return new Tariff(false, rates, List.of(), request, 0);
    }

    /** Rates by class, 0 where none is given. */
    public static Tariff of(Map<UsageClass, Long> rates) {
        return of(Rates.of(rates));
    }

    public Tariff withRequest(long nanos) {
        return new Tariff(free, base, longPrompts, nanos, markupMillionths);
    }

    /** What is free stays free. */
    public Tariff withMarkup(int millionths) {
        return free ? this : new Tariff(false, base, longPrompts, request, millionths);
    }

    /** The same for prompts up to {@code above} tokens, and other rates for those that are longer. */
    public Tariff withLongPrompts(long above, Rates rates) {
        var more = new java.util.ArrayList<>(longPrompts);
        more.add(new LongPrompt(above, rates));
        return new Tariff(free, base, more, request, markupMillionths);
    }

    /** These rates under a name. */
    public Price as(String version) {
        return new Price(version, this, 0, Map.of());
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
}
