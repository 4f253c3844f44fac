package io.mixgateway.app.config;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mixgateway.relay.catalog.Quirk;
import io.mixgateway.relay.catalog.Secret;
import io.mixgateway.relay.meter.ServiceTier;
import io.mixgateway.relay.meter.UsageClass;
import io.mixgateway.relay.money.Nanos;
import io.mixgateway.relay.money.Rates;
import io.mixgateway.relay.money.Tariff;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
    private static final String INTERFACE_EXAMPLE = """
            server: {host: 127.0.0.1, port: 8080}
            providers:
              mock:                                    # the name before the colon in `mock:gpt-4.1-mini`
                dialect: openai
                base-url: http://127.0.0.1:9001/v1
                api-key: ${MOCK_KEY}
                models:
                  - id: gpt-4.1-mini                   # as the provider calls it
                    price: {input: 0.40, cached-input: 0.10, cache-write: 0.50, output: 1.60, request: 0}
                    context: 128000                    # tokens, optional
                    max-output: 16384                  # tokens, optional
                    free: false                        # must be said, never assumed
            models:                                    # optional: several endpoints behind one bare name
              best-mini: {route: ["mock:gpt-4.1-mini", "other:gpt-4.1-mini"]}
            limits: {max-body: 20MB, connect: 2s, first-byte: 60s, idle: 60s, total: 30m}
            """;

    @TempDir
    Path folder;

    @Test
    void readsTheDocumentedExample() {
        // When
        var settings = read(INTERFACE_EXAMPLE, Map.of("MOCK_KEY", "key-of-the-mock"));

        // Then
        assertThat(settings.server().host()).isEqualTo("127.0.0.1");
        assertThat(settings.server().port()).isEqualTo(8080);
        var mock = provider(settings, "mock");
        assertThat(mock.dialect()).contains(Dialect.OPENAI);
        assertThat(mock.baseUrl()).contains(URI.create("http://127.0.0.1:9001/v1"));
        assertThat(mock.apiKey()).contains(new Secret("key-of-the-mock"));
        var model = mock.models().getFirst();
        assertThat(model.id()).isEqualTo("gpt-4.1-mini");
        assertThat(model.context()).contains(128000L);
        assertThat(model.maxOutput()).contains(16384L);
        var rates = standard(model).base();
        assertThat(rates.of(UsageClass.INPUT)).isEqualTo(400_000_000L);
        assertThat(rates.of(UsageClass.CACHE_READ)).isEqualTo(100_000_000L);
        assertThat(rates.of(UsageClass.CACHE_WRITE_5M)).isEqualTo(500_000_000L);
        assertThat(rates.of(UsageClass.OUTPUT)).isEqualTo(1_600_000_000L);
        assertThat(requireNonNull(settings.models().get("best-mini")).route())
                .containsExactly("mock:gpt-4.1-mini", "other:gpt-4.1-mini");
        assertThat(settings.limits().maxBody()).isEqualTo(new DataSize(20_000_000));
        assertThat(settings.limits().firstByte()).isEqualTo(Duration.ofSeconds(60));
        assertThat(settings.limits().total()).isEqualTo(Duration.ofMinutes(30));
    }

    @Test
    void everySettingHasADefault() {
        var settings = Settings.defaults();

        assertThat(settings.server().port()).isEqualTo(8080);
        assertThat(settings.server().tls()).isEmpty();
        assertThat(settings.limits().maxConcurrentCalls()).isEqualTo(20000);
        assertThat(settings.providers()).isEmpty();
        assertThat(settings.sandbox().enabled()).isTrue();
        assertThat(settings.log().format()).isEqualTo(Settings.LogFormat.AUTO);
    }

    @Test
    void readsReferencesInBracesAsTheDocumentationWritesThem() {
        var settings =
                read("providers: {deepseek: {api-key: ${DEEPSEEK_API_KEY}}}", Map.of("DEEPSEEK_API_KEY", "sk-1"));

        assertThat(provider(settings, "deepseek").apiKey()).contains(new Secret("sk-1"));
    }

    @Test
    void fillsReferencesInsideTextsAndFallsBackToTheirDefaults() {
        var settings = read("""
                server: {port: "${PORT:-9090}", host: ${HOST:-::1}}
                providers:
                  a: {base-url: "https://${REGION:-eu, west}.example.com/v1"}
                  b: {base-url: https://${REGION}.example.com/v1, headers: {x-note: "$${REGION} stays"}}
                """.replace("eu, west", "eu-west"), Map.of("REGION", "us", "HOST", ""));

        assertThat(settings.server().port()).isEqualTo(9090);
        assertThat(settings.server().host()).isEqualTo("::1");
        assertThat(provider(settings, "a").baseUrl()).contains(URI.create("https://us.example.com/v1"));
        assertThat(provider(settings, "b").headers().get("x-note")).isEqualTo(new Secret("${REGION} stays"));
    }

    @Test
    void aBareProviderNameIsAProviderOfDefaults() {
        var settings = read("providers:\n  openai:\nmodels:\n", Map.of());

        assertThat(settings.providers()).containsOnlyKeys("openai");
        assertThat(provider(settings, "openai").models()).isEmpty();
    }

    @Test
    void readsQuirksInKebabCase() {
        var settings = read("providers: {a: {quirks: [rejects-stream-options, always-streams-usage]}}", Map.of());

        assertThat(provider(settings, "a").quirks())
                .contains(List.of(Quirk.REJECTS_STREAM_OPTIONS, Quirk.ALWAYS_STREAMS_USAGE));
    }

    @Test
    void theEnvironmentStandsAboveTheFile() {
        var read = ConfigFile.read(
                "server: {port: 1000}\nlimits: {idle: 5s}",
                "c.yaml",
                Map.of(
                        "MIXGATEWAY_SERVER_PORT", "9000",
                        "MIXGATEWAY_LIMITS_FIRST_BYTE", "7s",
                        "MIXGATEWAY_SERVER_TLS_CERTIFICATE", "/c.pem",
                        "MIXGATEWAY_SERVER_TLS_KEY", "/k.pem",
                        "MIXGATEWAY_JAVA_OPTS", "-Xmx1g",
                        "MIXGATEWAY_SERVER_PROT", "1"));

        assertThat(read.problems().errors()).isEmpty();
        assertThat(read.settings().server().port()).isEqualTo(9000);
        assertThat(read.settings().limits().idle()).isEqualTo(Duration.ofSeconds(5));
        assertThat(read.settings().limits().firstByte()).isEqualTo(Duration.ofSeconds(7));
        assertThat(read.settings().server().tls().orElseThrow().key()).isEqualTo(Path.of("/k.pem"));
        assertThat(read.problems().warnings())
                .extracting(Problem::toString)
                .containsExactly(
                        "MIXGATEWAY_SERVER_PROT: names no setting, ignored (did you mean MIXGATEWAY_SERVER_PORT?)");
    }

    @Test
    void pricesAreExactToTheNano() {
        var price = provider(
                        read(
                                "providers: {a: {models: [{id: m, price: {input: 0.000000001, output: 123456.123456789}}]}}",
                                Map.of()),
                        "a")
                .models()
                .getFirst()
                .price()
                .orElseThrow();

        assertThat(price.input()).contains(new Nanos(1));
        assertThat(price.output()).contains(new Nanos(123_456_123_456_789L));
    }

    @Test
    void aClassOfTokensWithoutItsOwnRateIsNeverFree() { // FAILURES 26, 29, 31
        var rates = standard(provider(
                                read("providers: {a: {models: [{id: m, price: {input: 2, output: 8}}]}}", Map.of()),
                                "a")
                        .models()
                        .getFirst())
                .base();

        for (UsageClass what : UsageClass.ALL) {
            assertThat(rates.of(what)).as(what.code()).isEqualTo(what.isPrompt() ? 2_000_000_000L : 8_000_000_000L);
        }
    }

    @Test
    void longPromptsAndServiceTiersHaveTheirOwnRates() {
        var model = provider(read("""
                                providers:
                                  a:
                                    models:
                                      - id: m
                                        price:
                                          input: 1.25
                                          output: 10
                                          request: 0.001
                                          long-prompts: [{above: 200000, rates: {input: 2.5, output: 15}}]
                                          tiers:
                                            flex: {rates: {input: 0.625, output: 5}}
                                """, Map.of()), "a").models().getFirst();

        assertThat(standard(model))
                .isEqualTo(Tariff.of(Rates.ofText(1_250_000_000L, 10_000_000_000L))
                        .withRequest(1_000_000)
                        .withLongPrompts(200_000, Rates.ofText(2_500_000_000L, 15_000_000_000L)));
        assertThat(model.tariffs())
                .containsEntry(
                        ServiceTier.FLEX,
                        Tariff.of(Rates.ofText(625_000_000L, 5_000_000_000L)).withRequest(1_000_000));
    }

    @Test
    void aFeeForEachRequestMayBeTheWholePrice() {
        var model = provider(
                        read(
                                "providers: {a: {models: [{id: m, price: {input: 0, output: 0, request: 0.01}}]}}",
                                Map.of()),
                        "a")
                .models()
                .getFirst();

        assertThat(standard(model).request()).isEqualTo(10_000_000);
        assertThat(standard(model).base().areZero()).isTrue();
    }

    private static Tariff standard(ModelSettings model) {
        return java.util.Objects.requireNonNull(model.tariffs().get(ServiceTier.STANDARD));
    }

    @Test
    void freeIsFreeOnlyWhenSaid() { // FAILURES 31
        var models = provider(read("providers: {a: {models: [{id: said, free: true}, {id: unsaid}]}}", Map.of()), "a")
                .models();

        assertThat(standard(models.get(0)).free()).isTrue();
        assertThat(models.get(1).tariffs()).isEmpty();
    }

    @Test
    void loadSaysWhichFileAndEverythingThatIsWrong() throws IOException {
        var file = folder.resolve("mixgateway.yaml");
        Files.writeString(file, "server: {port: 99999}\nproviderz: {}\n");

        assertThatThrownBy(() -> Settings.load(Optional.of(file), Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessage(file + ": 2 problems\n"
                        + "  line 1: server.port: \"99999\" (expected: a whole number, from 0, to 65535)\n"
                        + "  line 2: providerz: unknown setting (did you mean providers?)");
    }

    @Test
    void aFileThatIsNotThereOrNotTextIsAProblem() throws IOException {
        var latin = folder.resolve("latin.yaml");
        Files.write(latin, "server: {host: caf\u00e9}".getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> Settings.load(Optional.of(folder.resolve("none.yaml")), Map.of()))
                .hasMessageEndingWith("none.yaml: one problem\n  there is no such file");
        assertThatThrownBy(() -> Settings.load(Optional.of(latin), Map.of())).hasMessageEndingWith("not UTF-8 text");
    }

    private static ProviderSettings provider(Settings settings, String name) {
        return requireNonNull(settings.providers().get(name));
    }

    private static Settings read(String yaml, Map<String, String> environment) {
        var read = ConfigFile.read(yaml, "c.yaml", environment);
        read.problems().throwIfAny("c.yaml");
        return read.settings();
    }
}
