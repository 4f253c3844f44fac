package io.mixgateway.app.catalog;

import static java.util.Objects.requireNonNull;

import io.mixgateway.app.config.ModelSettings;
import io.mixgateway.relay.catalog.Provider;
import io.mixgateway.relay.meter.ServiceTier;
import io.mixgateway.relay.money.Tariff;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A provider with its models, before their prices have versions.
 *
 * @param imported prices from files, by the model's id, in the place of those the models name
 * @param markupMillionths what the operator adds to each price
 */
public record PlannedProvider(
        Provider provider,
        Origin origin,
        List<ModelSettings> models,
        Map<String, Map<ServiceTier, Tariff>> imported,
        int markupMillionths) {
    public PlannedProvider {
        imported = Map.copyOf(imported);
        requireNonNull(provider, "provider");
        requireNonNull(origin, "origin");
        models = List.copyOf(models);
    }

    /** One with the prices that its models name, as they are. */
    public PlannedProvider(Provider provider, Origin origin, List<ModelSettings> models) {
        this(provider, origin, models, Map.of(), 0);
    }

    /** With prices from files in the place of its own, and a markup on all of them. */
    PlannedProvider priced(Map<String, Map<ServiceTier, Tariff>> fromFiles, int markup) {
        return new PlannedProvider(provider, origin, models, fromFiles, markup);
    }

    /** What a model costs by service tier, the standard one first; empty when nobody said. */
    Map<ServiceTier, Tariff> tariffs(ModelSettings model) {
        var list = imported.getOrDefault(model.id(), model.tariffs());
        var marked = new EnumMap<ServiceTier, Tariff>(ServiceTier.class);
        list.forEach((tier, tariff) -> marked.put(tier, tariff.withMarkup(markupMillionths)));
        return marked;
    }

    Optional<ModelSettings> model(String id) {
        return models.stream().filter(model -> model.id().equals(id)).findFirst();
    }

    /** Who said that it is there. */
    public enum Origin {
        /** The configuration file. */
        FILE,
        /** A key in the environment. */
        ENVIRONMENT,
        /** A server that answered on this machine. */
        FOUND,
        /** The program itself. */
        BUILT_IN
    }
}
