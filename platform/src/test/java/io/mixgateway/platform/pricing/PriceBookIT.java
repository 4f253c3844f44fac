package io.mixgateway.platform.pricing;

import static io.mixgateway.platform.db.Tables.PRICE_VERSION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mixgateway.platform.store.Pool;
import io.mixgateway.platform.store.TestDatabase;
import io.mixgateway.relay.meter.ServiceTier;
import io.mixgateway.relay.meter.UsageClass;
import io.mixgateway.relay.money.Rates;
import io.mixgateway.relay.money.Tariff;
import io.mixgateway.testkit.FakeClock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PriceBookIT {
    private static final Priced MINI = new Priced("openai", "gpt-4.1-mini");

    private final TestDatabase store = TestDatabase.fresh();
    private final FakeClock clock = FakeClock.standing();
    private final PriceBook book = new PriceBook(store.database(), clock);

    @AfterEach
    void drop() {
        store.close();
    }

    private static Tariff rates(long input, long output) {
        var rates = Rates.ofText(1, 2);
        long rate = 3;
        for (UsageClass what : UsageClass.ALL) {
            rates = rates.with(what, rate++);
        }
        return Tariff.of(rates.with(UsageClass.INPUT, input).with(UsageClass.OUTPUT, output))
                .withRequest(9);
    }

    @Test
    void addsAVersionOnlyWhenTheRatesDiffer() {
        // When
        var first = book.record(MINI, rates(400, 1600), "test");
        clock.advance(Duration.ofHours(1));
        var same = book.record(MINI, rates(400, 1600), "test");
        var second = book.record(MINI, rates(500, 1600), "test");
        var back = book.record(MINI, rates(400, 1600), "test");

        // Then
        assertThat(first.version()).matches("openai:gpt-4.1-mini@2026-03-01T12:00:00Z#[0-9a-f]{8}");
        assertThat(same).isEqualTo(first);
        assertThat(second.version()).isNotEqualTo(first.version());
        assertThat(back.version()).isNotEqualTo(first.version());
        assertThat(back.tariff()).isEqualTo(rates(400, 1600));
        assertThat(store.database().dsl(Pool.JOBS).fetchCount(PRICE_VERSION)).isEqualTo(3);
        assertThat(book.find(first.version())).contains(first);
        assertThat(book.find("' OR '1'='1")).isEmpty();
    }

    @Test
    void tellsThePriceOfAnyTime() {
        // Given
        var start = clock.instant();
        var first = book.record(MINI, rates(400, 1600), "test");
        var later = clock.advance(Duration.ofDays(1));
        var second = book.record(MINI, rates(500, 1600), "test");

        // Then
        assertThat(book.current(MINI, start.minusNanos(1000))).isEmpty();
        assertThat(book.current(MINI, start)).contains(first);
        assertThat(book.current(MINI, later.minusNanos(1000))).contains(first);
        assertThat(book.current(MINI, later)).contains(second);
        assertThat(book.current(new Priced("openai", "other"), later)).isEmpty();
    }

    @Test
    void letsTheLaterChangeWinThoughTheClockWasSetBack() {
        // Given
        book.record(MINI, rates(400, 1600), "test");
        clock.advance(Duration.ofMinutes(-5));

        // When
        var second = book.record(MINI, rates(500, 1600), "test");

        // Then
        clock.advance(Duration.ofHours(1));
        assertThat(book.current(MINI, clock.instant())).contains(second);
        assertThat(book.record(MINI, rates(500, 1600), "test")).isEqualTo(second);
    }

    @Test
    void recordsAWholeCatalogueOnceThoughNodesStartTogether() throws Exception {
        // Given
        Map<Priced, Tariff> catalogue = new HashMap<>();
        for (int i = 0; i < 1_000; i++) {
            catalogue.put(new Priced("p" + i % 10, "model-" + i), rates(i + 1, i + 2));
        }
        catalogue.put(new Priced("p0", "free"), Tariff.FREE);
        Callable<Map<Priced, io.mixgateway.relay.money.Price>> start = () -> book.recordAll(catalogue, "test");

        // When
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = threads.invokeAll(List.of(start, start)).stream()
                    .map(future -> future.resultNow())
                    .distinct()
                    .toList();

            // Then
            assertThat(answers).hasSize(1);
            assertThat(answers.getFirst()).hasSameSizeAs(catalogue);
            var recorded = new HashMap<Priced, Tariff>();
            answers.getFirst().forEach((what, price) -> recorded.put(what, price.tariff()));
            assertThat(recorded).isEqualTo(catalogue);
        }
        assertThat(store.database().dsl(Pool.JOBS).fetchCount(PRICE_VERSION)).isEqualTo(1_001);
        long started = System.nanoTime();
        book.recordAll(catalogue, "test");
        System.out.println("1001 unchanged prices: "
                + Duration.ofNanos(System.nanoTime() - started).toMillis() + " ms");
    }

    // FAILURES 33
    @Test
    void refusesPricesThatPayTheCaller() {
        for (String price : List.of("-1", "-0.000000001", "NaN", "1e300", "", " ", "Infinity", "0.0000000001", "0x1")) {
            assertThatThrownBy(() -> Tariff.rate(price)).as(price).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(Tariff.rate("0.40")).isEqualTo(400_000_000);
        assertThatThrownBy(() -> rates(-1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Tariff.of(Rates.NOTHING)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Tariff(true, Rates.ofText(1, 0), List.of(), 0, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    // FAILURES 33
    @Test
    void keepsSuchPricesOutOfTheTableWhoeverWritesThem() {
        // Given
        book.record(MINI, rates(400, 1600), "test");
        var dsl = store.database().dsl(Pool.JOBS);
        for (String column : List.of(
                "input",
                "cache_read",
                "cache_write_5m",
                "cache_write_1h",
                "output",
                "reasoning",
                "audio_input",
                "audio_output",
                "image_input",
                "image_output",
                "request")) {
            assertThatThrownBy(() -> dsl.execute("update price_version set " + column + " = -1"))
                    .as(column)
                    .isInstanceOf(DataAccessException.class);
        }
        assertThatThrownBy(() -> dsl.execute("update price_version set free = true"))
                .isInstanceOf(DataAccessException.class);
        assertThatThrownBy(() -> dsl.execute("update price_version set long_prompts = '[{\"above\":1,\"input\":-1}]'"))
                .isInstanceOf(DataAccessException.class);
        assertThatThrownBy(() -> dsl.execute("update price_version set markup = -1"))
                .isInstanceOf(DataAccessException.class);
    }

    @Test
    void keepsEverythingThatAPriceIsMadeOf() {
        var tariff = rates(400, 1600)
                .withLongPrompts(200_000, Rates.ofText(800, 2_400))
                .withMarkup(50_000);
        var standard = book.record(MINI, tariff, "test");
        var flex = book.record(new Priced("openai", "gpt-4.1-mini", ServiceTier.FLEX), rates(200, 800), "test");

        assertThat(book.find(standard.version())).contains(standard);
        assertThat(standard.tariff()).isEqualTo(tariff);
        assertThat(flex.version()).startsWith("openai:gpt-4.1-mini(flex)@").isNotEqualTo(standard.version());
        assertThat(book.find(flex.version())).contains(flex);
        assertThat(book.record(MINI, tariff, "test")).isEqualTo(standard);
        assertThat(book.record(MINI, tariff.withMarkup(60_000), "test").version())
                .isNotEqualTo(standard.version());
        // A generation of an account on a plan names the discount with the version.
        var less = standard.discounted(125_000);
        assertThat(less.version()).isEqualTo(standard.version() + "-12.5%");
        assertThat(book.find(less.version())).contains(less);
        assertThat(book.find(standard.version() + "-200%")).isEmpty();
    }

    @Test
    void theLastImportWhoseTimeHasComeHolds() {
        var imports = new PriceImports(store.database());
        var start = clock.instant();
        var first = new PriceImports.Imported("openai", "m", Map.of(ServiceTier.STANDARD, rates(1, 2)));
        var second = new PriceImports.Imported(
                "openai",
                "m",
                Map.of(
                        ServiceTier.STANDARD,
                        rates(3, 4).withLongPrompts(1_000, Rates.ofText(5, 6)),
                        ServiceTier.BATCH,
                        rates(1, 1)));
        imports.add(List.of(first), start, "one.yaml");
        imports.add(List.of(second), start.plus(Duration.ofDays(1)), "two.yaml");

        assertThat(imports.inForce(start.minusSeconds(1))).isEmpty();
        assertThat(imports.inForce(start)).containsOnly(Map.entry("openai:m", first));
        assertThat(imports.inForce(start.plus(Duration.ofDays(1)))).containsOnly(Map.entry("openai:m", second));
    }
}
