package io.mixgateway.relay.catalog;

import static java.util.Objects.requireNonNull;

import io.mixgateway.relay.money.Price;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One model as one provider serves it.
 *
 * @param model the id as the provider calls it
 * @param price what it charges; empty when nobody has said, and then calls are refused before dispatch
 * @param contextTokens the longest prompt plus output it takes, in tokens
 * @param maxOutputTokens the longest output it gives, in tokens
 */
public record Endpoint(
        Provider provider,
        String model,
        Optional<Price> price,
        OptionalLong contextTokens,
        OptionalLong maxOutputTokens) {
    public Endpoint {
        requireNonNull(provider, "provider");
        requireNonNull(model, "model");
        requireNonNull(price, "price");
        requireNonNull(contextTokens, "contextTokens");
        requireNonNull(maxOutputTokens, "maxOutputTokens");
    }

    /** The canonical name: {@code provider:model}. */
    public String name() {
        return provider.name() + ":" + model;
    }
}
