package io.mixgateway.app.config;

import io.mixgateway.relay.meter.ServiceTier;
import io.mixgateway.relay.meter.UsageClass;
import io.mixgateway.relay.money.Nanos;
import io.mixgateway.relay.money.Rates;
import io.mixgateway.relay.money.Tariff;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a model costs: US dollars per million tokens, and per request. A class of tokens without its own rate is
 * charged as the nearest class that has one, never as nothing.
 */
public record PriceSettings(
        @Setting("Input tokens, USD per million. Must be given; 0 where only `request` is charged.")
        Optional<Nanos> input,

        @Setting("Input read from the provider's cache. Left out: as `input`.")
        Optional<Nanos> cachedInput,

        @Setting("Input written to the provider's cache. Left out: as `input`.")
        Optional<Nanos> cacheWrite,

        @Setting(value = "Input written to the cache for an hour. Left out: as `cache-write`.", name = "cache-write-1h")
        Optional<Nanos> cacheWrite1h,

        @Setting("Output tokens. Left out: as `input`, with a warning; say 0 for a model without output.")
        Optional<Nanos> output,

        @Setting("Output tokens spent on reasoning. Left out: as `output`.")
        Optional<Nanos> reasoning,

        @Setting("Audio in. Left out: as `input`.") Optional<Nanos> audioInput,
        @Setting("Audio out. Left out: as `output`.") Optional<Nanos> audioOutput,
        @Setting("Images in. Left out: as `input`.") Optional<Nanos> imageInput,
        @Setting("Images out. Left out: as `output`.") Optional<Nanos> imageOutput,

        @Setting(value = "Each request, in USD, on top of the tokens.", byDefault = "0")
        Nanos request,

        @Setting("Other rates for whole calls with long prompts, the shortest first.")
        List<LongPromptPrice> longPrompts,

        @Setting(
                value = "Prices of other service tiers than the standard one.",
                names = "flex|priority|batch",
                namesAre = "flex, priority or batch")
        Map<String, TierPrice> tiers) {

    static final String RATE_NAMES =
            "input|cached-input|cache-write|cache-write-1h|output|reasoning|audio-input|audio-output|image-input|image-output";

    /** Rates of calls with long prompts. */
    public record LongPromptPrice(
            @Setting(
                    value = "They hold for prompts of more tokens than this, cached ones included.",
                    least = "1",
                    most = "1000000000")
            Long above,

            @Setting(
                    value = "The rates, under the names they have in `price`.",
                    names = RATE_NAMES,
                    namesAre = "the names of rates in `price`")
            Map<String, Nanos> rates) {
        public LongPromptPrice {
            needsInput(rates);
        }
    }

    /** What one service tier costs. */
    public record TierPrice(
            @Setting(
                    value = "The rates, under the names they have in `price`.",
                    names = RATE_NAMES,
                    namesAre = "the names of rates in `price`")
            Map<String, Nanos> rates,

            @Setting("Other rates for whole calls with long prompts, the shortest first.")
            List<LongPromptPrice> longPrompts) {
        public TierPrice {
            needsInput(rates);
        }
    }

    private static void needsInput(Map<String, Nanos> rates) {
        if (!rates.containsKey("input")) {
            throw new IllegalArgumentException("rates: no input (expected: USD per million tokens)");
        }
    }

    public PriceSettings {
        if (input.isEmpty()) {
            throw new IllegalArgumentException(
                    "input: missing (expected: USD per million tokens; 0 where only request is charged)");
        }
    }

    /**
     * A share such as 0.05 in millionths.
     *
     * @throws IllegalArgumentException for more than six places
     */
    public static int millionths(String setting, Nanos share) {
        if (share.value() % 1_000 != 0) {
            throw new IllegalArgumentException(setting + ": more than six places (expected: a share such as 0.05)");
        }
        return Math.toIntExact(share.value() / 1_000);
    }

    /** Whether nothing in it is above 0. */
    public boolean isZero() {
        return !request.isPositive() && base().values().stream().noneMatch(Nanos::isPositive);
    }

    /** The rates of the standard tier that were given, by name. */
    private Map<String, Nanos> base() {
        var given = new LinkedHashMap<String, Nanos>();
        var rates = List.of(
                input,
                cachedInput,
                cacheWrite,
                cacheWrite1h,
                output,
                reasoning,
                audioInput,
                audioOutput,
                imageInput,
                imageOutput);
        var names = RATE_NAMES.split("\\|", -1);
        for (int i = 0; i < names.length; i++) {
            var name = names[i];
            rates.get(i).ifPresent(rate -> given.put(name, rate));
        }
        return given;
    }

    /** In nanos per million tokens, with every class filled in, by service tier; the standard one is always there. */
    public Map<ServiceTier, Tariff> toTariffs() {
        var tariffs = new EnumMap<ServiceTier, Tariff>(ServiceTier.class);
        tariffs.put(ServiceTier.STANDARD, tariff(base(), longPrompts));
        tiers.forEach((name, tier) ->
                tariffs.put(ServiceTier.of(name).orElseThrow(), tariff(tier.rates(), tier.longPrompts())));
        return tariffs;
    }

    private Tariff tariff(Map<String, Nanos> rates, List<LongPromptPrice> longer) {
        var tariff = Tariff.of(rates(rates), request.value());
        for (LongPromptPrice prompt : longer) {
            tariff = tariff.withLongPrompts(prompt.above(), rates(prompt.rates()));
        }
        return tariff;
    }

    /** Which rate a class takes; the first name that was given. */
    private static Rates rates(Map<String, Nanos> given) {
        var rates = new EnumMap<UsageClass, Long>(UsageClass.class);
        for (UsageClass what : UsageClass.ALL) {
            rates.put(
                    what,
                    switch (what) {
                        case INPUT -> first(given, "input");
                        case CACHE_READ -> first(given, "cached-input", "input");
                        case CACHE_WRITE_5M -> first(given, "cache-write", "input");
                        case CACHE_WRITE_1H -> first(given, "cache-write-1h", "cache-write", "input");
                        case OUTPUT -> first(given, "output", "input");
                        case REASONING -> first(given, "reasoning", "output", "input");
                        case AUDIO_INPUT -> first(given, "audio-input", "input");
                        case AUDIO_OUTPUT -> first(given, "audio-output", "output", "input");
                        case IMAGE_INPUT -> first(given, "image-input", "input");
                        case IMAGE_OUTPUT -> first(given, "image-output", "output", "input");
                    });
        }
        return Rates.of(rates);
    }

    private static long first(Map<String, Nanos> given, String... names) {
        for (String name : names) {
            var rate = given.get(name);
            if (rate != null) {
                return rate.value();
            }
        }
        throw new IllegalStateException("price without input");
    }
}
