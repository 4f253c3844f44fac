package io.mixgateway.app.catalog;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.mixgateway.app.catalog.PlannedProvider.Origin;
import io.mixgateway.app.config.ConfigFile;
import io.mixgateway.app.config.Problem;
import io.mixgateway.relay.catalog.Catalog;
import io.mixgateway.relay.catalog.Endpoint;
import io.mixgateway.relay.catalog.Quirk;
import io.mixgateway.relay.catalog.Secret;
import io.mixgateway.relay.meter.UsageClass;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogPlanTest {
    private static final Presets PRESETS = Presets.bundled();

    @Test
    void aPresetsNameAndAKeyAreWhole() {
        // When
        var catalog = catalog("providers: {deepseek: {api-key: sk-1}}", Map.of());

        // Then
        var provider = catalog.provider("deepseek").orElseThrow();
        assertThat(provider.baseUrl()).isEqualTo(URI.create("https://api.deepseek.com/v1"));
        assertThat(provider.dialect()).isEqualTo("openai");
        assertThat(provider.authHeader()).isEqualTo("authorization");
        assertThat(provider.authScheme()).isEqualTo("Bearer ");
        assertThat(provider.apiKey()).contains(new Secret("sk-1"));
        assertThat(only(catalog, "deepseek:deepseek-chat").price()).isPresent();
    }

    @Test
    void aKeyInTheEnvironmentIsAProviderAtOnce() {
        var plan = plan("", Map.of("ANTHROPIC_API_KEY", "sk-a\n", "MISTRAL_API_KEY", "m", "OPENAI_API_KEY", ""));

        assertThat(plan.providers())
                .extracting(planned -> planned.provider().name(), PlannedProvider::origin)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("anthropic", Origin.ENVIRONMENT),
                        org.assertj.core.groups.Tuple.tuple("mistral", Origin.ENVIRONMENT),
                        org.assertj.core.groups.Tuple.tuple("sandbox", Origin.BUILT_IN));
        assertThat(plan.providers().getFirst().provider().apiKey()).contains(new Secret("sk-a"));
        assertThat(plan.providers().get(1).provider().quirks())
                .containsExactlyInAnyOrder(Quirk.REJECTS_STREAM_OPTIONS, Quirk.ALWAYS_STREAMS_USAGE);
    }

    @Test
    void theFilesProviderTakesTheKeyOfTheEnvironmentForItsOwnAddressOnly() { // FAILURES 102
        var environment = Map.of("OPENAI_API_KEY", "sk-real");
        var own = catalog("providers: {openai: {}}", environment);
        var other = catalog("providers: {openai: {base-url: http://127.0.0.1:9001/v1}}", environment);

        assertThat(own.provider("openai").orElseThrow().apiKey()).contains(new Secret("sk-real"));
        assertThat(other.provider("openai").orElseThrow().apiKey()).isEmpty();
        assertThat(other.provider("openai").orElseThrow().baseUrl()).isEqualTo(URI.create("http://127.0.0.1:9001/v1"));
        assertThat(other.resolve("openai:gpt-4.1-mini")).isEmpty();
    }

    @Test
    void discoveryAndSandboxCanBeSwitchedOff() {
        var plan = plan(
                "discovery: {environment-keys: false, ollama: false}\nsandbox: {enabled: false}",
                Map.of("OPENAI_API_KEY", "sk"),
                List.of("llama3"));

        assertThat(plan.providers()).isEmpty();
    }

    @Test
    void anOllamaThatAnsweredIsAProviderWithFreeModels() {
        var catalog = assemble(plan("", Map.of(), List.of("llama3.2:3b", "qwen3")));

        assertThat(catalog.provider("ollama").orElseThrow().baseUrl())
                .isEqualTo(URI.create("http://127.0.0.1:11434/v1"));
        assertThat(only(catalog, "ollama:llama3.2:3b").price().orElseThrow().free())
                .isTrue();
        assertThat(only(catalog, "qwen3").name()).isEqualTo("ollama:qwen3");
    }

    @Test
    void whatTheFileSaysOfAModelStandsAboveWhatWasFoundOrKnown() { // FAILURES 61
        var catalog = assemble(plan("""
                providers:
                  ollama: {models: [{id: llama3, price: {input: 1, output: 1}}]}
                  deepseek: {api-key: k, models: [{id: deepseek-chat, price: {input: 9, output: 9}}]}
                """, Map.of(), List.of("llama3", "qwen3")));

        assertThat(only(catalog, "ollama:llama3").price().orElseThrow().rate(UsageClass.INPUT))
                .isEqualTo(1_000_000_000L);
        assertThat(only(catalog, "ollama:qwen3").price().orElseThrow().free()).isTrue();
        assertThat(only(catalog, "deepseek:deepseek-chat").price().orElseThrow().rate(UsageClass.OUTPUT))
                .isEqualTo(9_000_000_000L);
        assertThat(only(catalog, "deepseek:deepseek-v4-pro").price()).isPresent();
    }

    @Test
    void aModelThatNobodyPricedHasNoPrice() { // FAILURES 31
        var catalog = catalog("providers: {a: {base-url: http://127.0.0.1:1, models: [{id: m}]}}", Map.of());

        assertThat(only(catalog, "a:m").price()).isEmpty();
        assertThat(catalog.resolve("a:never-heard-of")).isEmpty();
    }

    @Test
    void theSandboxIsThereWithItsPrices() {
        var catalog = catalog("", Map.of());

        assertThat(catalog.provider("sandbox").orElseThrow().dialect()).isEqualTo("sandbox");
        assertThat(only(catalog, "sandbox:echo").price().orElseThrow().rate(UsageClass.INPUT))
                .isEqualTo(100_000_000L);
        assertThat(only(catalog, "sandbox:free").price().orElseThrow().free()).isTrue();
    }

    @Test
    void routesKeepTheOperatorsOrder() {
        var catalog = catalog("""
                providers:
                  a: {base-url: http://127.0.0.1:1, models: [{id: m, free: true}]}
                  b: {base-url: http://127.0.0.1:2, models: [{id: m, free: true}]}
                models: {best: {route: ["b:m", "a:m"]}}
                """, Map.of());

        assertThat(catalog.resolve("best").orElseThrow())
                .extracting(Endpoint::name)
                .containsExactly("b:m", "a:m");
        assertThat(catalog.resolve("m").orElseThrow())
                .extracting(Endpoint::name)
                .containsExactly("a:m", "b:m");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    models: {x: {route: ["sandbox:ecoh"]}} | line 1: models.x.route[0]: no endpoint is called "sandbox:ecoh" (did you mean sandbox:echo?)
                    models: {x: {route: [echo]}} | line 1: models.x.route[0]: no endpoint is called "echo" (did you mean sandbox:echo?)
                    models: {x: {route: ["sandbx:echo"]}} | line 1: models.x.route[0]: no provider is called "sandbx" (did you mean sandbox?)
                    models: {"sandbox:echo": {route: ["sandbox:echo"]}} | line 1: models."sandbox:echo": would hide the models of the provider sandbox (expected: another name)
                    providers: {deepseek: {}} | line 1: providers.deepseek.api-key: missing (expected: a key here, or in the environment variable DEEPSEEK_API_KEY)
                    providers: {deepsek: {api-key: k}} | line 1: providers.deepsek.base-url: missing, as no preset is called "deepsek" (did you mean deepseek?)
                    providers: {zzzzzzzzzz: {api-key: k}} | line 1: providers.zzzzzzzzzz.base-url: missing, as no preset is called "zzzzzzzzzz" (expected: an address such as https://api.example.com/v1)
                    providers: {mine: {preset: opnai, api-key: k}} | line 1: providers.mine.preset: no preset is called "opnai" (did you mean openai?)
                    providers: {sandbox: {}} | line 1: providers.sandbox: the name of the built-in provider (expected: another name)
                    providers: {a: {base-url: "http://127.0.0.1:1", models: [{id: m, free: true}, {id: m, free: true}]}} | line 1: providers.a.models[1].id: "m" is there already (expected: each model once)
                    """)
    void saysWhatCannotBe(String yaml, String message) {
        var read = ConfigFile.read(yaml, "c.yaml", Map.of());
        CatalogPlan.of(read.settings(), PRESETS, Map.of(), Found.NOTHING, read.problems());

        assertThat(read.problems().errors()).extracting(Problem::toString).containsExactly(message);
    }

    @Test
    void warnsOfWhatWorksOtherwiseThanMeant() {
        var read = ConfigFile.read("""
                providers:
                  a:
                    base-url: http://10.0.0.1/v1
                    api-key: k
                    models:
                      - id: unpriced
                      - {id: half-priced, price: {input: 1}}
                models: {x: {route: ["ollama:later"]}}
                """, "c.yaml", Map.of());
        CatalogPlan.of(read.settings(), PRESETS, Map.of("GROQ_API_KEY", "two words"), Found.NOTHING, read.problems());

        assertThat(read.problems().errors()).isEmpty();
        assertThat(read.problems().warnings())
                .extracting(Problem::toString)
                .containsExactly(
                        "line 3: providers.a.base-url: the key travels in clear text (better: https)",
                        "line 6: providers.a.models[0]: has no price, so calls to it are refused"
                                + " (give it one, or say free: true)",
                        "line 7: providers.a.models[1].price.output: left out, so output is charged as input"
                                + " (say 0 for a model without output)",
                        "line 8: models.x.route[0]: Ollama does not serve it now; left out until it does",
                        "GROQ_API_KEY: has a blank or a special character in it, ignored (expected: the key alone)");
    }

    @Test
    void aBrokenProviderIsNotBlamedAgainForWhatCouldNotBeRead() {
        var read = ConfigFile.read("""
                providers:
                  a: {base-url: nonsense, models: [{id: m, free: true}]}
                  b: {base-url: "http://127.0.0.1:1", dialect: anthropic}
                  deepseek: {api-key: k, headers: {Host: x}}
                models: {x: {route: ["a:m"]}}
                """, "c.yaml", Map.of());
        CatalogPlan.of(read.settings(), PRESETS, Map.of(), Found.NOTHING, read.problems());

        assertThat(read.problems().errors())
                .extracting(Problem::path)
                .containsExactly("providers.a.base-url", "providers.b.dialect", "providers.deepseek.headers");
    }

    @Test
    void priceVersionsFollowTheRates() {
        var one = only(
                catalog(
                        "providers: {a: {base-url: http://127.0.0.1:1, models: [{id: m, price: {input: 1, output: 2}}]}}",
                        Map.of()),
                "a:m");
        var same = only(
                catalog(
                        "providers: {a: {base-url: http://127.0.0.1:2, models: [{id: m, price: {input: 1.00, output: 2}}]}}",
                        Map.of()),
                "a:m");
        var other = only(
                catalog(
                        "providers: {a: {base-url: http://127.0.0.1:1, models: [{id: m, price: {input: 1, output: 3}}]}}",
                        Map.of()),
                "a:m");

        assertThat(same.price()).isEqualTo(one.price());
        assertThat(other.price().orElseThrow().version())
                .isNotEqualTo(one.price().orElseThrow().version());
    }

    private static Endpoint only(Catalog catalog, String name) {
        return requireNonNull(catalog.resolve(name).orElseThrow().getFirst());
    }

    private static Catalog catalog(String yaml, Map<String, String> environment) {
        return assemble(plan(yaml, environment));
    }

    private static Catalog assemble(CatalogPlan plan) {
        return CatalogAssembly.assemble(plan, PriceVersions.ofRates());
    }

    private static CatalogPlan plan(String yaml, Map<String, String> environment) {
        return plan(yaml, environment, List.of());
    }

    private static CatalogPlan plan(String yaml, Map<String, String> environment, List<String> ollama) {
        return Configuration.of(
                        ConfigFile.read(yaml, "c.yaml", environment),
                        environment,
                        PRESETS,
                        Found.NOTHING.withOllama(ollama))
                .plan();
    }
}
