package io.mixgateway.relay.money;

import static java.util.Objects.requireNonNull;

import io.mixgateway.relay.meter.ServiceTier;
import io.mixgateway.relay.meter.Usage;
import io.mixgateway.relay.meter.UsageClass;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What calls to one endpoint cost, under a name that generations keep. The hold and the charge both come from here.
 *
 * <p>What is charged is the list rate times the operator's markup, less the discount of the caller's plan, rounded half up to
 * a whole nano per million tokens. A cost is the exact sum of count × that rate, divided by a million once, rounded half up
 * to a whole nano, plus the price per request. Immutable.
 */
public final class Price {
    private static final long MILLION = 1_000_000L;
    private static final BigInteger BIG_MILLION = BigInteger.valueOf(MILLION);
    private static final BigInteger HALF_MILLION = BigInteger.valueOf(MILLION / 2);

    private static final Set<UsageClass> TEXT_PROMPT = EnumSet.of(UsageClass.INPUT, UsageClass.CACHE_WRITE_5M);
    private static final Set<UsageClass> TEXT_ANSWER = EnumSet.of(UsageClass.OUTPUT, UsageClass.REASONING);
    private static final Set<UsageClass> ANY_PROMPT = sideOf(true);
    private static final Set<UsageClass> ANY_ANSWER = sideOf(false);

    private final String version;
    private final Tariff tariff;
    private final int discount;
    private final Map<ServiceTier, Price> otherTiers;
    /** As charged. Position 0 is the base, then the long prompts in order. */
    private final Rates[] charged;

    /** For each of {@link #charged} two figures: the dearest text rate of the prompt, and of the answer. */
    private final long[] dearestText;

    private final long request;
    /** The last discount asked for: accounts of one plan come one after the other. */
    private volatile @Nullable Price discounted;

    /**
     * A price of its own.
     *
     * @param version names it for ever, without the discount
     * @param discount of the caller's plan, in millionths
     * @param otherTiers what the endpoint charges in other service tiers, each with a version of its own
     */
    public Price(String version, Tariff tariff, int discount, Map<ServiceTier, Price> otherTiers) {
        this.version = requireNonNull(version, "version");
        this.tariff = requireNonNull(tariff, "tariff");
        this.discount = discount;
        this.otherTiers = otherTiers.isEmpty() ? Map.of() : new EnumMap<>(otherTiers);
        var factor = new Factor(tariff.markupMillionths(), discount);
        this.charged = new Rates[1 + tariff.longPrompts().size()];
        charged[0] = tariff.base().times(factor);
        for (int i = 1; i < charged.length; i++) {
            charged[i] = tariff.longPrompts().get(i - 1).rates().times(factor);
        }
        this.dearestText = new long[2 * charged.length];
        for (int i = 0; i < charged.length; i++) {
            dearestText[2 * i] = charged[i].dearest(TEXT_PROMPT);
            dearestText[2 * i + 1] = charged[i].dearest(TEXT_ANSWER);
        }
        this.request = factor.of(tariff.request());
    }

    private static Set<UsageClass> sideOf(boolean prompt) {
        var side = EnumSet.noneOf(UsageClass.class);
        UsageClass.ALL.stream().filter(what -> what.isPrompt() == prompt).forEach(side::add);
        return side;
    }

    /** A price that charges nothing because somebody said so. */
    public static Price free(String version) {
        return Tariff.FREE.as(version);
    }

    /** With the discount, if there is one: {@code openai:m@2026-11-23T10:00:00Z#1c291ca3-10%}. */
    public String version() {
        return discount == 0 ? version : version + "-" + Factor.percent(discount);
    }

    public Tariff tariff() {
        return tariff;
    }

    public boolean free() {
        return tariff.free();
    }

    /** In millionths. */
    public int discount() {
        return discount;
    }

    /** What is charged for a million tokens of prompts of the usual length, in nanos. */
    public long rate(UsageClass what) {
        return charged[0].of(what);
    }

    /** The same with the prices of other service tiers beside it. */
    public Price withTiers(Map<ServiceTier, Price> others) {
        return new Price(version, tariff, discount, others);
    }

    /** What the endpoint charges in that tier; this price for the standard tier. */
    public Optional<Price> tier(ServiceTier tier) {
        return tier == ServiceTier.STANDARD ? Optional.of(this) : Optional.ofNullable(otherTiers.get(tier));
    }

    /** Which service tier it is for, as its version says. */
    public ServiceTier tier() {
        for (ServiceTier tier : ServiceTier.values()) {
            if (version.contains("(" + tier.code() + ")@")) {
                return tier;
            }
        }
        return ServiceTier.STANDARD;
    }

    /** What charges {@code usage}: the price of its service tier, this one where that has none. */
    public Price of(Usage usage) {
        return otherTiers.isEmpty() ? this : otherTiers.getOrDefault(usage.serviceTier(), this);
    }

    /** The same for a caller whose plan takes off so many millionths, of every tier. */
    public Price discounted(int millionths) {
        if (millionths == discount || free()) {
            return this;
        }
        var last = discounted;
        if (last == null || last.discount != millionths) {
            var others = new EnumMap<ServiceTier, Price>(ServiceTier.class);
            otherTiers.forEach((tier, price) -> others.put(tier, price.discounted(millionths)));
            last = new Price(version, tariff, millionths, others);
            discounted = last;
        }
        return last;
    }

    /**
     * What {@code usage} costs, in this very tier.
     *
     * @throws ArithmeticException when it does not fit a long
     */
    public Nanos cost(Usage usage) {
        if (free()) {
            return Nanos.ZERO;
        }
        var rates = charged[lengthOf(usage.totalInput())];
        try {
            long sum = 0;
            for (int i = 0; i < UsageClass.ALL.size(); i++) {
                sum = Math.addExact(sum, Math.multiplyExact(usage.at(i), rates.at(i)));
            }
            return new Nanos(Math.addExact(Math.addExact(sum, MILLION / 2) / MILLION, request));
        } catch (ArithmeticException _) {
            return wideCost(usage, rates);
        }
    }

    /** The position in {@link #charged}. */
    private int lengthOf(long promptTokens) {
        int at = charged.length - 1;
        while (at > 0 && promptTokens <= tariff.longPrompts().get(at - 1).above()) {
            at--;
        }
        return at;
    }

    private Nanos wideCost(Usage usage, Rates rates) {
        var sum = BigInteger.ZERO;
        for (int i = 0; i < UsageClass.ALL.size(); i++) {
            sum = sum.add(BigInteger.valueOf(usage.at(i)).multiply(BigInteger.valueOf(rates.at(i))));
        }
        var rounded = sum.add(HALF_MILLION).divide(BIG_MILLION).add(BigInteger.valueOf(request));
        return new Nanos(rounded.longValueExact());
    }

    /**
     * The most that a call can cost in this tier: every token at the dearest rate of its side that a prompt of up to so many
     * tokens can meet. Text is text, or written to the cache, or reasoning.
     *
     * @param media whether tokens may be of sounds or images too
     * @throws ArithmeticException when it does not fit a long
     */
    public Nanos most(long promptTokens, long outputTokens, boolean media) {
        if (free()) {
            return Nanos.ZERO;
        }
        long most = 0;
        for (int i = lengthOf(promptTokens); i >= 0; i--) {
            long in = media ? charged[i].dearest(ANY_PROMPT) : dearestText[2 * i];
            long out = media ? charged[i].dearest(ANY_ANSWER) : dearestText[2 * i + 1];
            most = Math.max(most, atMost(in, promptTokens, out, outputTokens));
        }
        return new Nanos(most);
    }

    private long atMost(long inRate, long in, long outRate, long out) {
        try {
            long sum = Math.addExact(Math.multiplyExact(in, inRate), Math.multiplyExact(out, outRate));
            return Math.addExact(Math.addExact(sum, MILLION / 2) / MILLION, request);
        } catch (ArithmeticException _) {
            return BigInteger.valueOf(in)
                    .multiply(BigInteger.valueOf(inRate))
                    .add(BigInteger.valueOf(out).multiply(BigInteger.valueOf(outRate)))
                    .add(HALF_MILLION)
                    .divide(BIG_MILLION)
                    .add(BigInteger.valueOf(request))
                    .longValueExact();
        }
    }

    /**
     * One line of a receipt.
     *
     * @param what a class of usage, {@code request}, or {@code rounding}
     * @param count tokens, or requests; 0 for rounding
     * @param rate nanos per million tokens, or per request
     * @param listRate the provider's own, before markup and discount
     * @param amount rounded half up to a whole nano
     */
    public record Line(String what, long count, long rate, long listRate, Nanos amount) {}

    /** The multiplication line by line, every class with a count above zero. The amounts add up to {@link #cost}. */
    public List<Line> lines(Usage usage) {
        var lines = new ArrayList<Line>(4);
        if (free()) {
            return lines;
        }
        int length = lengthOf(usage.totalInput());
        var list = length == 0
                ? tariff.base()
                : tariff.longPrompts().get(length - 1).rates();
        var sum = Nanos.ZERO;
        for (UsageClass what : UsageClass.ALL) {
            long count = usage.of(what);
            if (count > 0) {
                long rate = charged[length].of(what);
                var amount = new Nanos(BigInteger.valueOf(count)
                        .multiply(BigInteger.valueOf(rate))
                        .add(HALF_MILLION)
                        .divide(BIG_MILLION)
                        .longValueExact());
                lines.add(new Line(what.code(), count, rate, list.of(what), amount));
                sum = sum.plus(amount);
            }
        }
        if (request > 0) {
            lines.add(new Line("request", 1, request, tariff.request(), new Nanos(request)));
            sum = sum.plus(new Nanos(request));
        }
        var left = cost(usage).minus(sum);
        if (left.value() != 0) {
            // Lines are rounded each, the charge once.
            lines.add(new Line("rounding", 0, 0, 0, left));
        }
        return lines;
    }

    /** The prompt length above which the rates of {@code usage} hold, in tokens; 0 for the base rates. */
    public long aboveOf(Usage usage) {
        int length = lengthOf(usage.totalInput());
        return length == 0 ? 0 : tariff.longPrompts().get(length - 1).above();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Price that
                && version.equals(that.version)
                && tariff.equals(that.tariff)
                && discount == that.discount
                && otherTiers.equals(that.otherTiers);
    }

    @Override
    public int hashCode() {
        return version.hashCode() + discount;
    }

    @Override
    public String toString() {
        return "Price[" + version() + "]";
    }
}
