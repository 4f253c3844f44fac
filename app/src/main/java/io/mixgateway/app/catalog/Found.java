package io.mixgateway.app.catalog;

import io.mixgateway.platform.pricing.PriceImports;
import java.util.List;
import java.util.Map;

/**
 * What a catalog is made of beside the configuration.
 *
 * @param ollamaModels what a local Ollama serves, as far as it answered
 * @param prices what price imports have in force, by {@code provider:model}
 */
public record Found(List<String> ollamaModels, Map<String, PriceImports.Imported> prices) {
    /** Nothing. */
    public static final Found NOTHING = new Found(List.of(), Map.of());

    public Found {
        ollamaModels = List.copyOf(ollamaModels);
        prices = Map.copyOf(prices);
    }

    public Found withOllama(List<String> models) {
        return new Found(models, prices);
    }

    public Found withPrices(Map<String, PriceImports.Imported> inForce) {
        return new Found(ollamaModels, inForce);
    }
}
