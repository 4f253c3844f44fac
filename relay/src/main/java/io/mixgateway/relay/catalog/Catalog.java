package io.mixgateway.relay.catalog;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be called, as one immutable snapshot.
 *
 * <p>Names: {@code provider:model} and {@code provider/model} pick one endpoint; a bare {@code model} means the
 * route configured under that name, else every endpoint that serves a model of that id, in configured order.
 */
public final class Catalog {
    private final Map<String, Provider> providers;
    private final Map<String, Endpoint> endpoints;
    private final Map<String, List<Endpoint>> routes;
    private final Map<String, List<Endpoint>> byName;

    /**
     * @param providers by name, in configured order
     * @param endpoints all that are priced or named, in configured order; of two with one name the last counts
     * @param routes operator's names for ordered endpoints
     */
    public Catalog(Collection<Provider> providers, Collection<Endpoint> endpoints, Map<String, List<Endpoint>> routes) {
        var providerMap = new LinkedHashMap<String, Provider>();
        providers.forEach(provider -> providerMap.put(provider.name(), provider));
        var endpointMap = new LinkedHashMap<String, Endpoint>();
        endpoints.forEach(endpoint -> endpointMap.put(endpoint.name(), endpoint));
        this.providers = java.util.Collections.unmodifiableMap(providerMap);
        this.endpoints = java.util.Collections.unmodifiableMap(endpointMap);
        var routeMap = new LinkedHashMap<String, List<Endpoint>>();
        routes.forEach((name, route) -> routeMap.put(name, List.copyOf(route)));
        this.routes = java.util.Collections.unmodifiableMap(routeMap);
        this.byName = index();
    }

    public static Catalog empty() {
        return new Catalog(List.of(), List.of(), Map.of());
    }

    private Map<String, List<Endpoint>> index() {
        var index = new LinkedHashMap<String, List<Endpoint>>();
        for (Endpoint endpoint : endpoints.values()) {
            var exactly = List.of(endpoint);
            index.put(endpoint.name(), exactly);
            index.putIfAbsent(endpoint.provider().name() + "/" + endpoint.model(), exactly);
        }
        var bare = new LinkedHashMap<String, List<Endpoint>>();
        for (Endpoint endpoint : endpoints.values()) {
            bare.computeIfAbsent(endpoint.model(), _ -> new ArrayList<>()).add(endpoint);
        }
        bare.forEach((model, serving) -> index.putIfAbsent(model, List.copyOf(serving)));
        index.putAll(routes);
        return Map.copyOf(index);
    }

    public Collection<Provider> providers() {
        return providers.values();
    }

    public Optional<Provider> provider(String name) {
        return Optional.ofNullable(providers.get(name));
    }

    /** All endpoints, in configured order. */
    public Collection<Endpoint> endpoints() {
        return endpoints.values();
    }

    /** The operator's own names, with the endpoints each stands for, best first. */
    public Map<String, List<Endpoint>> routes() {
        return routes;
    }

    /**
     * The endpoints that a model name stands for, in order of preference; never an empty list. A model that nobody has
     * listed is not known, even if its provider may well have it.
     */
    public Optional<List<Endpoint>> resolve(String name) {
        requireNonNull(name, "name");
        var known = byName.get(name);
        if (known != null) {
            return Optional.of(known);
        }
        var provider = providerBefore(name, ':');
        if (provider == null) {
            provider = providerBefore(name, '/');
        }
        if (provider == null || provider.name().length() + 1 >= name.length()) {
            return Optional.empty();
        }
        return provider.dialect().equals("sandbox")
                ? sandboxFamily(provider, name.substring(provider.name().length() + 1))
                : Optional.empty();
    }

    /** A sandbox model's name may carry a number after its family's, as {@code cut-120} does: it costs what the family does. */
    private Optional<List<Endpoint>> sandboxFamily(Provider sandbox, String model) {
        int digits = model.length();
        while (digits > 0 && "0123456789".indexOf(model.charAt(digits - 1)) >= 0) {
            digits--;
        }
        if (digits == model.length() || digits < 2 || model.charAt(digits - 1) != '-') {
            return Optional.empty();
        }
        var family = endpoints.get(sandbox.name() + ":" + model.substring(0, digits - 1));
        return Optional.ofNullable(family)
                .map(listed -> List.of(new Endpoint(
                        sandbox, model, listed.price(), listed.contextTokens(), listed.maxOutputTokens())));
    }

    private @Nullable Provider providerBefore(String name, char separator) {
        int at = name.indexOf(separator);
        return at <= 0 ? null : providers.get(name.substring(0, at));
    }

    /**
     * Up to {@code most} known names that look most like {@code name}, best first, none that is more unlike than like: for
     * the 404's message.
     */
    public List<String> closest(String name, int most) {
        record Near(String known, int distance) {}
        var wanted = name.toLowerCase(Locale.ROOT);
        return byName.keySet().stream()
                .filter(known -> !known.contains("/") || name.contains("/"))
                .map(known -> new Near(known, Levenshtein.distance(wanted, known.toLowerCase(Locale.ROOT))))
                .filter(near -> 2 * near.distance <= Math.max(name.length(), near.known.length()))
                .sorted(Comparator.comparingInt(Near::distance).thenComparing(Near::known))
                .limit(most)
                .map(Near::known)
                .toList();
    }
}
