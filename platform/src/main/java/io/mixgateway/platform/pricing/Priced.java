package io.mixgateway.platform.pricing;

import static java.util.Objects.requireNonNull;

import io.mixgateway.relay.meter.ServiceTier;

/** A model as a provider serves it in one service tier: what a price is for. */
public record Priced(String provider, String model, ServiceTier tier) {
    public Priced {
        requireNonNull(provider, "provider");
        requireNonNull(model, "model");
        requireNonNull(tier, "tier");
        if (provider.isBlank() || model.isBlank()) {
            throw new IllegalArgumentException("price: for " + provider + ":" + model + " (expected: two names)");
        }
    }

    /** In the standard tier. */
    public Priced(String provider, String model) {
        this(provider, model, ServiceTier.STANDARD);
    }

    @Override
    public String toString() {
        return provider + ":" + model + (tier == ServiceTier.STANDARD ? "" : "(" + tier.code() + ")");
    }
}
