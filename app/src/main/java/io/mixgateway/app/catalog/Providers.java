package io.mixgateway.app.catalog;

import io.mixgateway.app.catalog.PlannedProvider.Origin;
import io.mixgateway.app.config.Dialect;
import io.mixgateway.app.config.ModelSettings;
import io.mixgateway.app.config.NearestName;
import io.mixgateway.app.config.Paths;
import io.mixgateway.app.config.PriceSettings;
import io.mixgateway.app.config.Problems;
import io.mixgateway.app.config.ProviderSettings;
import io.mixgateway.relay.catalog.Provider;
import io.mixgateway.relay.catalog.Secret;
import io.mixgateway.relay.money.Nanos;
import io.mixgateway.relay.sandbox.SandboxModels;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes single providers: of an entry in the file, of a key in the environment, of a found server, of the sandbox. */
final class Providers {
    static final String SANDBOX = "sandbox";
    static final String OLLAMA = "ollama";
    private static final String DEFAULT_HEADER = "authorization";
    private static final String DEFAULT_SCHEME = "Bearer";
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

    private final Presets presets;
    private final Map<String, String> environment;
    private final Problems problems;

    Providers(Presets presets, Map<String, String> environment, Problems problems) {
        this.presets = presets;
        this.environment = environment;
        this.problems = problems;
    }

    /** The provider that an entry under {@code providers:} means; empty after a problem. */
    Optional<PlannedProvider> fromFile(String name, ProviderSettings settings) {
        var path = Paths.child("providers", name);
        if (name.equals(SANDBOX)) {
            problems.error(path, "the name of the built-in provider (expected: another name)");
            return Optional.empty();
        }
        if (problems.anyAt(path)) {
            // What could not be read would only be called missing.
            return Optional.empty();
        }
        var presetName = settings.preset().orElse(name);
        var preset = presets.named(presetName);
        if (settings.preset().isPresent() && preset.isEmpty()) {
            problems.error(
                    path + ".preset",
                    "no preset is called " + Paths.quoted(settings.preset().get())
                            + NearestName.hint(
                                    settings.preset().get(), presets.presets().keySet()));
            return Optional.empty();
        }
        var baseUrl = settings.baseUrl().or(() -> preset.map(Preset::baseUrl));
        if (baseUrl.isEmpty()) {
            problems.error(
                    path + ".base-url",
                    "missing, as no preset is called " + Paths.quoted(name)
                            + NearestName.to(name, presets.presets().keySet())
                                    .map(near -> " (did you mean " + near + "?)")
                                    .orElse(" (expected: an address such as https://api.example.com/v1)"));
            return Optional.empty();
        }
        // A key from the environment goes to the company that it is for, and to no other address.
        boolean home = preset.map(Preset::baseUrl).equals(baseUrl);
        var key = settings.apiKey().or(() -> home ? presetKey(preset, path) : Optional.empty());
        warnOfClearText(path, baseUrl.get(), key);
        var headers = new HashMap<String, String>();
        settings.headers().forEach((header, value) -> headers.put(header, value.reveal()));
        var provider = new Provider(
                name,
                settings.dialect().orElse(Dialect.OPENAI).word(),
                baseUrl.get(),
                settings.authHeader().or(() -> preset.map(Preset::authHeader)).orElse(DEFAULT_HEADER),
                scheme(settings.authScheme()
                        .or(() -> preset.map(Preset::authScheme))
                        .orElse(DEFAULT_SCHEME)),
                key,
                headers,
                Set.copyOf(
                        settings.quirks().or(() -> preset.map(Preset::quirks)).orElse(List.of())),
                settings.http2());
        // At another address the preset's models and prices are somebody else's, unless the operator says they are not.
        boolean same = home || settings.preset().isPresent();
        var known = same ? ListPrices.modelsOf(presetName) : List.<ModelSettings>of();
        return Optional.of(new PlannedProvider(provider, Origin.FILE, merged(path, settings.models(), known)));
    }

    /** The operator's models, then the known ones that they do not replace. */
    private List<ModelSettings> merged(String path, List<ModelSettings> given, List<ModelSettings> known) {
        var models = new ArrayList<ModelSettings>();
        var ids = new HashSet<String>();
        for (ModelSettings model : given) {
            var at = Paths.item(path + ".models", models.size());
            if (!ids.add(model.id())) {
                problems.error(at + ".id", Paths.quoted(model.id()) + " is there already (expected: each model once)");
            }
            warnOfPrice(at, model);
            models.add(model);
        }
        known.stream().filter(model -> ids.add(model.id())).forEach(models::add);
        return models;
    }

    private void warnOfPrice(String path, ModelSettings model) {
        if (!model.free() && model.price().isEmpty()) {
            problems.warning(path, "has no price, so calls to it are refused (give it one, or say free: true)");
        } else if (!model.free() && model.price().get().output().isEmpty()) {
            problems.warning(
                    path + ".price.output",
                    "left out, so output is charged as input (say 0 for a model without output)");
        }
    }

    private void warnOfClearText(String path, URI baseUrl, Optional<Secret> key) {
        if (key.isPresent() && "http".equalsIgnoreCase(baseUrl.getScheme()) && !LOOPBACK.contains(baseUrl.getHost())) {
            problems.warning(path + ".base-url", "the key travels in clear text (better: https)");
        }
    }

    private Optional<Secret> presetKey(Optional<Preset> preset, String path) {
        if (preset.isEmpty() || preset.get().local()) {
            return Optional.empty();
        }
        var key = keyOf(preset.get());
        if (key.isEmpty()) {
            problems.error(
                    path + ".api-key",
                    "missing (expected: a key here, or in the environment variable "
                            + preset.get().keyVariables().getFirst() + ")");
        }
        return key;
    }

    private Optional<Secret> keyOf(Preset preset) {
        for (String variable : preset.keyVariables()) {
            var value = environment.getOrDefault(variable, "").strip();
            if (value.chars().anyMatch(letter -> letter <= ' ' || letter > '~')) {
                problems.warning(
                        variable, "has a blank or a special character in it, ignored (expected: the key alone)");
            } else if (!value.isEmpty()) {
                return Optional.of(new Secret(value));
            }
        }
        return Optional.empty();
    }

    /** A provider for each preset whose key is in the environment, but not for those that are {@code named} already. */
    List<PlannedProvider> fromEnvironment(Set<String> named) {
        var planned = new ArrayList<PlannedProvider>();
        presets.presets().forEach((name, preset) -> {
            if (preset.automatic() && !preset.local() && !named.contains(name)) {
                keyOf(preset)
                        .ifPresent(key -> planned.add(new PlannedProvider(
                                of(name, preset, preset.baseUrl(), Optional.of(key)),
                                Origin.ENVIRONMENT,
                                ListPrices.modelsOf(name))));
            }
        });
        return planned;
    }

    /** The Ollama that answered at {@code address}, where the file does not name it. */
    PlannedProvider ollama(URI address, List<ModelSettings> found) {
        var preset = presets.named(OLLAMA).orElseThrow();
        var baseUrl = URI.create(address.toString().replaceAll("/+$", "") + "/v1");
        return new PlannedProvider(of(OLLAMA, preset, baseUrl, Optional.empty()), Origin.FOUND, found);
    }

    private static Provider of(String name, Preset preset, URI baseUrl, Optional<Secret> key) {
        return new Provider(
                name,
                Dialect.OPENAI.word(),
                baseUrl,
                preset.authHeader(),
                scheme(preset.authScheme()),
                key,
                Map.of(),
                Set.copyOf(preset.quirks()),
                false);
    }

    private static String scheme(String word) {
        return word.equals("none") ? "" : word + " ";
    }

    /** Models that an Ollama has: on the operator's own machine, so free. */
    static List<ModelSettings> free(List<String> ids) {
        var models = new LinkedHashMap<String, ModelSettings>();
        ids.forEach(id ->
                models.put(id, new ModelSettings(id, Optional.empty(), Optional.empty(), Optional.empty(), true)));
        return List.copyOf(models.values());
    }

    /** The built-in provider: its models and prices are the relay's own. */
    static PlannedProvider sandbox() {
        var provider = new Provider(
                SANDBOX,
                SANDBOX,
                URI.create("sandbox:/"),
                DEFAULT_HEADER,
                "",
                Optional.empty(),
                Map.of(),
                Set.of(),
                false);
        var models = SandboxModels.all().stream()
                .map(model -> new ModelSettings(
                        model.id(),
                        model.free()
                                ? Optional.empty()
                                : Optional.of(price(
                                        model.inputPerMillion(),
                                        model.cachedInputPerMillion(),
                                        model.outputPerMillion())),
                        Optional.of(model.contextTokens()),
                        Optional.of(model.maxOutputTokens()).filter(tokens -> tokens > 0),
                        model.free()))
                .toList();
        return new PlannedProvider(provider, Origin.BUILT_IN, models);
    }

    private static PriceSettings price(Nanos input, Nanos cachedInput, Nanos output) {
        return new PriceSettings(
                Optional.of(input),
                Optional.of(cachedInput),
                Optional.empty(),
                Optional.empty(),
                Optional.of(output),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Nanos.ZERO,
                List.of(),
                Map.of());
    }
}
