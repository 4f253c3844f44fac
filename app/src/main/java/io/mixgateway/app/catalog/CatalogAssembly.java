package io.mixgateway.app.catalog;

import io.mixgateway.app.catalog.PriceVersions.Offer;
import io.mixgateway.app.config.ModelSettings;
import io.mixgateway.relay.catalog.Catalog;
import io.mixgateway.relay.catalog.Endpoint;
import io.mixgateway.relay.catalog.Provider;
import io.mixgateway.relay.meter.ServiceTier;
import io.mixgateway.relay.money.Price;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/** Makes the catalog of a plan. */
public final class CatalogAssembly {
    private CatalogAssembly() {}

    /** The catalog in which every price has its version. Blocks as long as {@code versions} does. */
    public static Catalog assemble(CatalogPlan plan, PriceVersions versions) {
        var offers = new ArrayList<Offer>();
        plan.providers()
                .forEach(planned -> planned.models()
                        .forEach(model -> planned.tariffs(model)
                                .forEach((tier, tariff) ->
                                        offers.add(new Offer(planned.provider().name(), model.id(), tier, tariff)))));
        var prices = new ArrayDeque<Price>(versions.record(List.copyOf(offers)));

        var endpoints = new LinkedHashMap<String, Endpoint>();
        for (PlannedProvider planned : plan.providers()) {
            for (ModelSettings model : planned.models()) {
                var byTier = new EnumMap<ServiceTier, Price>(ServiceTier.class);
                planned.tariffs(model).keySet().forEach(tier -> byTier.put(tier, prices.removeFirst()));
                var standard = Optional.ofNullable(byTier.remove(ServiceTier.STANDARD));
                var endpoint = endpoint(
                        planned.provider(),
                        model,
                        standard.map(price -> byTier.isEmpty() ? price : price.withTiers(byTier)));
                endpoints.put(endpoint.name(), endpoint);
            }
        }

        var routes = new LinkedHashMap<String, List<Endpoint>>();
        plan.routes().forEach((name, route) -> {
            // What is missing here is an Ollama that does not answer; the plan has said so.
            var present =
                    route.stream().map(endpoints::get).filter(Objects::nonNull).toList();
            if (!present.isEmpty()) {
                routes.put(name, present);
            }
        });
        var providers = plan.providers().stream().map(PlannedProvider::provider).toList();
        return new Catalog(providers, endpoints.values(), routes);
    }

    private static Endpoint endpoint(Provider provider, ModelSettings model, Optional<Price> price) {
        return new Endpoint(provider, model.id(), price, tokens(model.context()), tokens(model.maxOutput()));
    }

    private static OptionalLong tokens(Optional<Long> count) {
        return count.map(OptionalLong::of).orElseGet(OptionalLong::empty);
    }
}
