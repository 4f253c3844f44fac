package io.mixgateway.app.catalog;

import io.mixgateway.app.config.ModelSettings;
import io.mixgateway.app.config.NearestName;
import io.mixgateway.app.config.Paths;
import io.mixgateway.app.config.PriceSettings;
import io.mixgateway.app.config.Problems;
import io.mixgateway.app.config.ProviderSettings;
import io.mixgateway.app.config.Settings;
import io.mixgateway.platform.pricing.PriceImports;
import io.mixgateway.relay.meter.ServiceTier;
import io.mixgateway.relay.money.Tariff;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Everything that can be called, before its prices have versions: a pure function of the settings, the presets, the
 * environment and what was found on this machine.
 *
 * @param providers those of the file first, then of the environment, then found ones, then the built-in one
 * @param routes the operator's names, each for endpoints as {@code provider:model}
 */
public record CatalogPlan(List<PlannedProvider> providers, Map<String, List<String>> routes) {
    public CatalogPlan {
        providers = List.copyOf(providers);
        routes = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(routes));
    }

    /**
     * Plans, and reports to {@code problems} what cannot be.
     *
     * @param found what is known from elsewhere than the file
     */
    public static CatalogPlan of(
            Settings settings, Presets presets, Map<String, String> environment, Found found, Problems problems) {
        var ollamaModels = found.ollamaModels();
        var making = new Providers(presets, environment, problems);
        var planned = new ArrayList<PlannedProvider>();
        settings.providers()
                .forEach((name, entry) -> making.fromFile(name, entry).ifPresent(provider -> {
                    boolean ollama = name.equals(Providers.OLLAMA)
                            && settings.discovery().ollama();
                    planned.add(ollama ? with(provider, ollamaModels) : provider);
                }));
        var named = settings.providers().keySet();
        if (settings.discovery().environmentKeys()) {
            planned.addAll(making.fromEnvironment(named));
        }
        if (settings.discovery().ollama() && !ollamaModels.isEmpty() && !named.contains(Providers.OLLAMA)) {
            planned.add(making.ollama(settings.discovery().ollamaUrl(), Providers.free(ollamaModels)));
        }
        if (settings.sandbox().enabled()) {
            planned.add(Providers.sandbox());
        }
        planned.replaceAll(provider -> priced(settings, provider, found.prices()));
        return new CatalogPlan(planned, routes(settings, planned, problems));
    }

    /** A price in the file is the operator's last word; a price from an import comes before a preset's. */
    private static PlannedProvider priced(
            Settings settings, PlannedProvider planned, Map<String, PriceImports.Imported> prices) {
        if (planned.origin() == PlannedProvider.Origin.BUILT_IN) {
            return planned;
        }
        var name = planned.provider().name();
        var entry = Optional.ofNullable(settings.providers().get(name));
        var said = entry.map(ProviderSettings::models).orElse(List.of()).stream()
                .filter(model -> model.free() || model.price().isPresent())
                .map(ModelSettings::id)
                .collect(Collectors.toSet());
        var imported = new LinkedHashMap<String, Map<ServiceTier, Tariff>>();
        for (ModelSettings model : planned.models()) {
            var price = prices.get(name + ":" + model.id());
            if (price != null && !model.free() && !said.contains(model.id())) {
                imported.put(model.id(), price.tariffs());
            }
        }
        var markup = entry.flatMap(ProviderSettings::markup)
                .orElse(settings.pricing().markup());
        return planned.priced(imported, PriceSettings.millionths("markup", markup));
    }

    /** Where to look for an Ollama; empty when nobody wants that. */
    public static Optional<URI> ollamaAddress(Settings settings) {
        if (!settings.discovery().ollama()) {
            return Optional.empty();
        }
        var entry = settings.providers().get(Providers.OLLAMA);
        return entry != null && entry.baseUrl().isPresent()
                ? entry.baseUrl().map(url -> URI.create(url.toString().replaceAll("/v1$", "")))
                : Optional.of(settings.discovery().ollamaUrl());
    }

    private static PlannedProvider with(PlannedProvider ollama, List<String> found) {
        var models = new ArrayList<>(ollama.models());
        Providers.free(found).stream()
                .filter(model -> ollama.model(model.id()).isEmpty())
                .forEach(models::add);
        return new PlannedProvider(ollama.provider(), ollama.origin(), models);
    }

    private static Map<String, List<String>> routes(
            Settings settings, List<PlannedProvider> planned, Problems problems) {
        var endpoints = new LinkedHashSet<String>();
        planned.forEach(provider -> provider.models()
                .forEach(model -> endpoints.add(provider.provider().name() + ":" + model.id())));
        var names = planned.stream().map(provider -> provider.provider().name()).collect(Collectors.toSet());
        var routes = new LinkedHashMap<String, List<String>>();
        settings.models().forEach((name, route) -> {
            var path = Paths.child("models", name);
            var prefix = name.split("[:/]", 2)[0];
            if (!prefix.equals(name) && names.contains(prefix)) {
                problems.error(path, "would hide the models of the provider " + prefix + " (expected: another name)");
            }
            for (int at = 0; at < route.route().size(); at++) {
                check(route.route().get(at), Paths.item(path + ".route", at), settings, names, endpoints, problems);
            }
            routes.put(name, route.route());
        });
        return routes;
    }

    private static void check(
            String endpoint,
            String path,
            Settings settings,
            Set<String> providers,
            Set<String> endpoints,
            Problems problems) {
        int colon = endpoint.indexOf(':');
        var provider = colon < 0 ? "" : endpoint.substring(0, colon);
        if (endpoints.contains(endpoint) || problems.anyAt(Paths.child("providers", provider))) {
            return;
        }
        if (provider.equals(Providers.OLLAMA) && settings.discovery().ollama()) {
            problems.warning(path, "Ollama does not serve it now; left out until it does");
            return;
        }
        if (colon > 0 && !providers.contains(provider)) {
            problems.error(
                    path,
                    "no provider is called " + Paths.quoted(provider)
                            + NearestName.to(provider, providers)
                                    .map(near -> " (did you mean " + near + "?)")
                                    .orElse(""));
            return;
        }
        problems.error(
                path,
                "no endpoint is called " + Paths.quoted(endpoint)
                        + NearestName.to(endpoint, endpoints)
                                .or(() -> endpoints.stream()
                                        .filter(known -> known.endsWith(":" + endpoint))
                                        .findFirst())
                                .map(near -> " (did you mean " + near + "?)")
                                .orElse(" (expected: provider:model, the model listed under the provider)"));
    }

    /** What each endpoint that has a price costs now, without markup, by its name. */
    public Map<String, Map<ServiceTier, Tariff>> listPrices() {
        var prices = new LinkedHashMap<String, Map<ServiceTier, Tariff>>();
        providers.forEach(planned -> planned.models().forEach(model -> {
            var tariffs = planned.imported().getOrDefault(model.id(), model.tariffs());
            if (!tariffs.isEmpty()) {
                prices.put(planned.provider().name() + ":" + model.id(), tariffs);
            }
        }));
        return prices;
    }

    /** The models by endpoint name. */
    Map<String, ModelSettings> models() {
        var models = new LinkedHashMap<String, ModelSettings>();
        providers.forEach(provider -> provider.models()
                .forEach(model -> models.put(provider.provider().name() + ":" + model.id(), model)));
        return models;
    }
}
