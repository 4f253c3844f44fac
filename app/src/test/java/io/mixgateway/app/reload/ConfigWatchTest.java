package io.mixgateway.app.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.mixgateway.app.catalog.Configuration;
import io.mixgateway.app.catalog.PriceVersions;
import io.mixgateway.app.config.Problem;
import io.mixgateway.platform.pricing.PriceImports;
import io.mixgateway.relay.catalog.Endpoint;
import io.mixgateway.relay.meter.UsageClass;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class ConfigWatchTest {
    private static final String ONE_MODEL = """
            providers:
              mock: {base-url: http://127.0.0.1:9001/v1, models: [{id: m, price: {input: 1, output: 2}}]}
            """;

    @TempDir
    Path folder;

    private Path file = Path.of("unset");
    private final List<Reload> told = new CopyOnWriteArrayList<>();
    private final List<ConfigWatch> open = new ArrayList<>();
    private PriceVersions versions = PriceVersions.ofRates();
    private List<String> ollama = List.of();
    private Supplier<Map<String, PriceImports.Imported>> imports = Map::of;
    private @Nullable ListAppender<ILoggingEvent> heard;

    @BeforeEach
    void chooseTheFile() {
        file = folder.resolve("mixgateway.yaml");
    }

    @AfterEach
    void closeAll() {
        open.forEach(ConfigWatch::close);
        if (heard != null) {
            logger().detachAppender(heard);
        }
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger(ConfigWatch.class);
    }

    private ListAppender<ILoggingEvent> listenToLog() {
        var appender = new ListAppender<ILoggingEvent>();
        appender.list = new CopyOnWriteArrayList<>();
        appender.start();
        logger().setLevel(Level.INFO); // whatever tests before have set
        logger().addAppender(appender);
        heard = appender;
        return appender;
    }

    @Test
    void aChangedPriceAndLimitAreInForceAfterTheFileStoodStill() throws IOException {
        // Given
        write(ONE_MODEL);
        var watch = watch();
        var before = price(watch);
        settle(watch);

        // When
        write(ONE_MODEL.replace("output: 2", "output: 3") + "limits: {idle: 5s}");
        watch.look(false);
        var whileWritten = price(watch);
        watch.look(false);

        // Then
        assertThat(whileWritten).isEqualTo(before);
        assertThat(price(watch).price().orElseThrow().rate(UsageClass.OUTPUT)).isEqualTo(3_000_000_000L);
        assertThat(watch.limits().idle()).isEqualTo(Duration.ofSeconds(5));
        assertThat(told).containsExactly(new Reload.Applied(List.of("providers.mock", "limits.idle"), List.of()));
    }

    @Test
    void aBadFileLeavesTheOldOneInForceAndSaysSoOnce() throws IOException {
        // Given
        write(ONE_MODEL);
        var watch = watch();
        settle(watch);
        var before = watch.catalog();

        // When
        write("providers: {mock: {base-ulr: x}}\nlimits: {idle: never}");
        settle(watch);
        settle(watch);

        // Then
        assertThat(watch.catalog()).isSameAs(before);
        assertThat(told).hasSize(1);
        assertThat(watch.refusal().orElseThrow().problems())
                .extracting(Problem::toString)
                .containsExactly(
                        "line 1: providers.mock.base-ulr: unknown setting (did you mean base-url?)",
                        "line 2: limits.idle: \"never\" (expected: a duration such as 500ms, 2s, 30m or 1h,"
                                + " from 1ms, to 1h)");

        // When it is put back as it was
        write(ONE_MODEL);
        settle(watch);

        // Then
        assertThat(watch.refusal()).isEmpty();
        assertThat(watch.catalog()).isSameAs(before);
    }

    @Test
    void aHangUpSaysAgainWhatIsWrong() throws IOException {
        write(ONE_MODEL);
        var watch = watch();
        write("nonsense: 1");
        settle(watch);

        watch.look(true);

        assertThat(told).hasSize(2).allMatch(Reload.Refused.class::isInstance);
    }

    @Test
    void aFileThatWasEmptiedLeavesTheOldOneInForceAndBracesAloneDoNot() throws IOException {
        write(ONE_MODEL);
        var watch = watch();

        write("");
        settle(watch);

        assertThat(watch.catalog().provider("mock")).isPresent();
        assertThat(watch.refusal().orElseThrow().problems())
                .extracting(Problem::message)
                .containsExactly("the file is empty (expected: settings, or {} for none)");

        write("{}");
        settle(watch);

        assertThat(watch.catalog().provider("mock")).isEmpty();
        assertThat(watch.refusal()).isEmpty();

        write("");
        settle(watch);

        assertThat(watch.refusal()).isEmpty();
    }

    @Test
    void aFileThatAppearsLaterIsTakenAndOneThatGoesIsMissed() throws IOException {
        // Given
        var watch = watch();
        settle(watch);
        assertThat(watch.catalog().provider("mock")).isEmpty();

        // When
        write(ONE_MODEL);
        settle(watch);

        // Then
        assertThat(watch.catalog().provider("mock")).isPresent();

        // When
        Files.delete(file);
        settle(watch);

        // Then
        assertThat(watch.catalog().provider("mock")).isPresent();
        assertThat(watch.refusal().orElseThrow().problems())
                .extracting(Problem::message)
                .containsExactly("the file is gone");
    }

    @Test
    void settingsThatNeedARestartAreNamed() throws IOException {
        write("server: {port: 8080}");
        var watch = watch();
        var pem = Files.writeString(file.resolveSibling("both.pem"), "certificate and key");
        write("""
                server: {port: 8081, tls: {certificate: %s, key: %s}}
                limits: {idle: 1s, max-headers: 8KiB}
                retention: {usage-details: 40d}
                operator: {name: Somebody}
                log: {format: json}
                """.formatted(pem, pem));
        settle(watch);

        var needRestart = List.of(
                "server.port",
                "server.tls",
                "limits.max-headers",
                "retention.usage-details",
                "operator.name",
                "log.format");
        var changed = new ArrayList<>(needRestart);
        changed.add(3, "limits.idle");
        assertThat(told).containsExactly(new Reload.Applied(changed, needRestart));
    }

    @Test
    void pricesThatCannotBeRecordedNowChangeNothingAndAreTriedAgain() throws IOException {
        // Given
        write(ONE_MODEL);
        var broken = new boolean[1];
        versions = offers -> {
            if (broken[0]) {
                throw new IllegalStateException("the database is away");
            }
            return PriceVersions.ofRates().record(offers);
        };
        var watch = started();
        broken[0] = true;

        // When
        write(ONE_MODEL.replace("output: 2", "output: 7"));
        await().until(() -> told.contains(new Reload.Postponed("IllegalStateException")));

        // Then
        assertThat(price(watch).price().orElseThrow().rate(UsageClass.OUTPUT)).isEqualTo(2_000_000_000L);

        // When
        broken[0] = false;

        // Then
        await().until(() -> price(watch).price().orElseThrow().rate(UsageClass.OUTPUT) == 7_000_000_000L);
        assertThat(told).filteredOn(Reload.Postponed.class::isInstance).hasSize(1);

        // When it happens once more
        broken[0] = true;
        write(ONE_MODEL.replace("output: 2", "output: 8"));

        // Then
        await().until(() ->
                told.stream().filter(Reload.Postponed.class::isInstance).count() == 2);
    }

    @Test
    void anOutageInTheLookForPricesIsToldOnceAndSoIsItsEnd() throws IOException {
        // Given
        write(ONE_MODEL);
        var looks = new AtomicInteger();
        var away = new AtomicBoolean();
        imports = () -> {
            looks.incrementAndGet();
            if (away.get()) {
                throw new DataAccessException("SQL [select 1]", new SQLException("Connection refused"));
            }
            return Map.of();
        };
        var log = listenToLog();
        var _ = started();
        int before = looks.get();
        await().until(() -> looks.get() > before);

        for (int outage = 1; outage <= 2; outage++) {
            // When
            away.set(true);
            int begin = looks.get();
            await().until(() -> looks.get() >= begin + 3);

            // Then
            assertThat(log.list)
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .filteredOn(line -> line.startsWith("Imported prices cannot"))
                    .hasSize(outage)
                    .last()
                    .isEqualTo("Imported prices cannot be looked for now; those in force stay, as the database does not"
                            + " answer; trying again: Connection refused");

            // When
            away.set(false);
            int ends = outage;

            // Then
            await().until(() -> log.list.stream()
                            .filter(line ->
                                    line.getFormattedMessage().equals("Imported prices can be looked for again"))
                            .count()
                    == ends);
        }
        assertThat(told).isEmpty();
    }

    @Test
    void anOllamaComesAndGoesButNotForOneMissedProbe() throws IOException {
        // Given
        write(ONE_MODEL);
        var watch = watch();

        // When
        ollama = List.of("llama3");
        watch.lookForOllama();

        // Then
        assertThat(watch.catalog()
                        .resolve("ollama:llama3")
                        .orElseThrow()
                        .getFirst()
                        .price()
                        .orElseThrow()
                        .free())
                .isTrue();

        // When
        ollama = List.of();
        watch.lookForOllama();
        watch.lookForOllama();
        assertThat(watch.catalog().provider("ollama")).isPresent();
        watch.lookForOllama();

        // Then
        assertThat(watch.catalog().provider("ollama")).isEmpty();
    }

    private Endpoint price(ConfigWatch watch) {
        return watch.catalog().resolve("mock:m").orElseThrow().getFirst();
    }

    private void settle(ConfigWatch watch) {
        watch.look(false);
        watch.look(false);
    }

    private void write(String yaml) throws IOException {
        Files.writeString(file, yaml);
    }

    private Configuration first() {
        return Configuration.load(Optional.of(file).filter(Files::exists), Map.of());
    }

    private ConfigWatch watch() {
        Function<URI, List<String>> probe = _ -> ollama;
        var watch = new ConfigWatch(Optional.of(file), Map.of(), first(), versions, probe, imports, told::add);
        open.add(watch);
        return watch;
    }

    private ConfigWatch started() {
        var watch = ConfigWatch.start(Optional.of(file), Map.of(), first(), versions, imports, told::add);
        open.add(watch);
        return watch;
    }
}
