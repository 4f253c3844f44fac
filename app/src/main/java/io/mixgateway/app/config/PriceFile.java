package io.mixgateway.app.config;

import io.mixgateway.relay.meter.ServiceTier;
import io.mixgateway.relay.money.Tariff;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A file of prices for {@code prices import}: stricter than the configuration, because nobody looks at each line of it. */
public record PriceFile(
        @Setting("The day (UTC) from which the prices hold. Left out: from the import on.")
        Optional<LocalDate> effective,

        @Setting("By provider and model: prices as in the configuration, input and output both given.")
        Map<String, Map<String, PriceSettings>> prices) {
    public PriceFile {
        prices.forEach((provider, models) -> models.forEach((model, price) -> {
            var where = "prices: " + provider + ":" + model;
            if (price.output().isEmpty()) {
                throw new IllegalArgumentException(
                        where + " has no output (expected: USD per million tokens; 0 for a model without output)");
            }
            if (price.isZero()) {
                throw new IllegalArgumentException(
                        where + " is all 0 (expected: a rate above 0; free is said in the configuration)");
            }
            var _ = price.toTariffs(); // says what is wrong with long prompts and tiers
        }));
    }

    /**
     * Reads the text of a file.
     *
     * @throws ConfigException with all that is wrong: values that are missing, negative, not finite, or no plain decimals, and
     *     names that nobody knows
     */
    public static PriceFile read(String text, String source) {
        var read = ConfigFile.readPlain(PriceFile.class, text, source);
        if (read.settings().prices().isEmpty() && !read.problems().anyAt("prices")) {
            read.problems().error("prices", "none (expected: prices by provider and model)");
        }
        read.problems().throwIfAny(source);
        return read.settings();
    }

    /** What each endpoint costs by service tier, by {@code provider:model}. */
    public Map<String, Map<ServiceTier, Tariff>> tariffs() {
        var tariffs = new LinkedHashMap<String, Map<ServiceTier, Tariff>>();
        prices.forEach((provider, models) ->
                models.forEach((model, price) -> tariffs.put(provider + ":" + model, price.toTariffs())));
        return tariffs;
    }
}
