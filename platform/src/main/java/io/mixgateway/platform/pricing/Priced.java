package io.mixgateway.platform.pricing;

import static java.util.Objects.requireNonNull;

/** A model as a provider serves it: what a price is for. */
public record Priced(String provider, String model) {
    public Priced {
        requireNonNull(provider, "provider");
        requireNonNull(model, "model");
        if (provider.isBlank() || model.isBlank()) {
            throw new IllegalArgumentException("price: for " + provider + ":" + model + " (expected: two names)");
        }
    }

    @Override
    public String toString() {
        return provider + ":" + model;
    }
}
