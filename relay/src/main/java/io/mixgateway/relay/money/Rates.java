package io.mixgateway.relay.money;

import io.mixgateway.relay.meter.UsageClass;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/** A rate for each class of usage, in nanos per million tokens, so $0.40 per million is 400 000 000. Never negative. */
public final class Rates {
    /** All rates 0. */
    public static final Rates NOTHING = new Rates(new long[UsageClass.ALL.size()]);

    private final long[] rates;

    private Rates(long[] rates) {
        this.rates = rates;
    }

    /**
     * Rates by class; a class left out has the rate 0.
     *
     * @throws IllegalArgumentException for a negative rate
     */
    public static Rates of(Map<UsageClass, Long> byClass) {
        var rates = new long[UsageClass.ALL.size()];
        byClass.forEach((what, rate) -> {
            if (rate < 0) {
                throw new IllegalArgumentException("rate of " + what.code() + ": negative (expected: 0 or more)");
            }
            rates[what.position()] = rate;
        });
        return new Rates(rates);
    }

    /** Text in and out, everything else as the nearest of the two: what a list of two figures means. */
    public static Rates ofText(long input, long output) {
        var rates = new long[UsageClass.ALL.size()];
        for (UsageClass what : UsageClass.ALL) {
            rates[what.position()] = what.isPrompt() ? input : output;
        }
        return of(byClass(rates));
    }

    private static Map<UsageClass, Long> byClass(long[] rates) {
        var map = new java.util.EnumMap<UsageClass, Long>(UsageClass.class);
        UsageClass.ALL.forEach(what -> map.put(what, rates[what.position()]));
        return map;
    }

    /** The same but for one class. */
    public Rates with(UsageClass what, long rate) {
        var changed = byClass(rates);
        changed.put(what, rate);
        return of(changed);
    }

    public long of(UsageClass what) {
        return rates[what.position()];
    }

    /** By the position of a {@link UsageClass}. */
    long at(int position) {
        return rates[position];
    }

    public boolean areZero() {
        return Arrays.stream(rates).allMatch(rate -> rate == 0);
    }

    /** The dearest rate of these classes. */
    long dearest(Set<UsageClass> classes) {
        return classes.stream().mapToLong(this::of).max().orElse(0);
    }

    /** Each times {@code factor}, rounded half up to a whole nano per million tokens. */
    Rates times(Factor factor) {
        return factor.isOne()
                ? this
                : new Rates(Arrays.stream(rates).map(factor::of).toArray());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Rates that && Arrays.equals(rates, that.rates);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(rates);
    }

    @Override
    public String toString() {
        return byClass(rates).toString();
    }
}
