package io.mixgateway.app.config;

import io.mixgateway.relay.meter.ServiceTier;
import io.mixgateway.relay.money.Tariff;
import java.util.Map;
import java.util.Optional;

/** One model of a provider. */
public record ModelSettings(
        @Setting("The model's id, as the provider calls it.")
        String id,

        @Setting("What it costs. A model without a price is listed, and calls to it are refused.")
        Optional<PriceSettings> price,

        @Setting(value = "The longest prompt and output together, in tokens.", least = "1", most = "1000000000")
        Optional<Long> context,

        @Setting(value = "The longest output, in tokens.", least = "1", most = "1000000000")
        Optional<Long> maxOutput,

        @Setting(value = "Whether calls cost nothing; must be said, never assumed.", byDefault = "false")
        boolean free) {
    public ModelSettings {
        if (id.length() > 256 || id.chars().anyMatch(Character::isWhitespace)) {
            throw new IllegalArgumentException(
                    "id: too long, or with a blank in it (expected: at most 256 characters)");
        }
        boolean zero = price.isPresent() && price.get().isZero();
        if (free && price.isPresent() && !zero) {
            throw new IllegalArgumentException("free: true beside a price above 0 (expected: one of the two)");
        }
        if (!free && zero) {
            throw new IllegalArgumentException("price: every rate is 0 (expected: a rate above 0, or free: true)");
        }
        if (price.isPresent() && !zero) {
            var _ = price.get().toTariffs(); // says what is wrong with long prompts and tiers
        }
        if (context.isPresent() && maxOutput.isPresent() && maxOutput.get() > context.get()) {
            throw new IllegalArgumentException(
                    "max-output: more than context (expected: at most " + context.get() + ")");
        }
    }

    /** What it costs by service tier, the standard one always among them; empty when nobody said. */
    public Map<ServiceTier, Tariff> tariffs() {
        return free
                ? Map.of(ServiceTier.STANDARD, Tariff.FREE)
                : price.map(PriceSettings::toTariffs).orElse(Map.of());
    }
}
