package io.mixgateway.app.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mixgateway.app.config.ConfigException;
import io.mixgateway.app.config.ConfigFile;
import io.mixgateway.relay.meter.ServiceTier;
import io.mixgateway.relay.meter.UsageClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds for every entry of presets.yaml and its list of prices; a new one needs no test of its own. */
class PresetsTest {
    private static final Presets PRESETS = Presets.bundled();

    static Stream<String> names() {
        return PRESETS.presets().keySet().stream();
    }

    @Test
    void knowsTheCompaniesThatWePromise() {
        assertThat(PRESETS.presets().keySet())
                .hasSizeGreaterThanOrEqualTo(25)
                .contains("openai", "anthropic", "gemini", "deepseek", "siliconflow", "bailian", "moonshot", "zhipu")
                .contains("minimax", "volcengine", "mistral", "xai", "groq", "together", "fireworks", "openrouter")
                .contains("perplexity", "cerebras", "ollama", "vllm", "lmstudio", "llamacpp", "cohere", "nvidia");
    }

    @ParameterizedTest
    @MethodSource("names")
    void isWholeByItself(String name) {
        var preset = PRESETS.named(name).orElseThrow();

        assertThat(preset.docs().getScheme()).isEqualTo("https");
        assertThat(preset.baseUrl().getScheme()).isEqualTo(preset.local() ? "http" : "https");
        assertThat(preset.local()).isEqualTo(preset.baseUrl().getHost().equals("127.0.0.1"));
        assertThat(preset.authHeader()).matches("[a-z0-9-]+");
        assertThat(preset.keyVariables()).allMatch(variable -> variable.matches("[A-Z][A-Z0-9_]+"));
        assertThat(preset.quirks()).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("names")
    void itsModelsHavePlainPrices(String name) { // FAILURES 31, 33
        var ids = new HashSet<String>();
        for (var model : ListPrices.modelsOf(name)) {
            assertThat(ids.add(model.id())).as(model.id() + " once").isTrue();
            assertThat(model.free()).as(model.id() + " is not free").isFalse();
            assertThat(model.price())
                    .as(name + ":" + model.id() + " has a price (leave a model out whose price cannot be said)")
                    .isPresent();
            var given = model.price().orElseThrow();
            assertThat(given.output())
                    .as(model.id() + " says what output costs")
                    .isPresent();
            var rates = java.util.Objects.requireNonNull(model.tariffs().get(ServiceTier.STANDARD))
                    .base();
            assertThat(rates.of(UsageClass.INPUT)).isPositive().isLessThan(1_000_000_000_000L);
            assertThat(rates.of(UsageClass.CACHE_READ)).isLessThanOrEqualTo(rates.of(UsageClass.INPUT));
        }
    }

    @ParameterizedTest
    @MethodSource("lists")
    void aListOfPricesIsOfAPresetHasModelsAndSaysItsDay(String name) {
        assertThat(PRESETS.named(name)).as("a preset called " + name).isPresent();
        var list = ListPrices.of(name).orElseThrow();
        assertThat(list.models()).isNotEmpty();
        assertThat(list.pricedOn()).isPresent();
    }

    static Stream<String> lists() throws IOException {
        var folder = Path.of("src/main/resources/io/mixgateway/app/catalog", ListPrices.FOLDER);
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString().replace(".yaml", "")).sorted().toList().stream();
        }
    }

    @Test
    void oneVariableMakesOneProvider() {
        var automatic = new HashMap<String, String>();
        PRESETS.presets().forEach((name, preset) -> {
            if (preset.automatic()) {
                preset.keyVariables()
                        .forEach(variable -> assertThat(automatic.put(variable, name))
                                .as(name + " wants the key in " + variable
                                        + ", as another preset does (say automatic: false)")
                                .isNull());
            }
        });
    }

    @Test
    void anIncompleteEntryIsRefusedByName() {
        var read = ConfigFile.readPlain(
                Presets.class, "presets: {Acme: {title: Acme, bas-url: https://api.acme.example}}", "presets.yaml");

        assertThatThrownBy(() -> read.problems().throwIfAny("presets.yaml"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("line 1: presets.Acme.bas-url: unknown setting (did you mean base-url?)")
                .hasMessageContaining("line 1: presets.Acme.docs: missing");
        assertThat(Set.copyOf(read.settings().presets().keySet())).isEmpty();
    }
}
