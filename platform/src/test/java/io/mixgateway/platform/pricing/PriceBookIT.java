package io.mixgateway.platform.pricing;

import static io.mixgateway.platform.db.Tables.PRICE_VERSION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mixgateway.platform.store.Pool;
import io.mixgateway.platform.store.TestDatabase;
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

    private static Rates rates(long input, long output) {
        return new Rates(false, input, 1, 2, 3, output, 4, 5, 6, 7, 8, 9);
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
        assertThat(Rates.of(back)).isEqualTo(rates(400, 1600));
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
        Map<Priced, Rates> catalogue = new HashMap<>();
        for (int i = 0; i < 1_000; i++) {
            catalogue.put(new Priced("p" + i % 10, "model-" + i), rates(i + 1, i + 2));
        }
        catalogue.put(new Priced("p0", "free"), Rates.ofFree());
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
            var recorded = new HashMap<Priced, Rates>();
            answers.getFirst().forEach((what, price) -> recorded.put(what, Rates.of(price)));
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
            assertThatThrownBy(() -> Rates.rate(price)).as(price).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(Rates.rate("0.40")).isEqualTo(400_000_000);
        assertThatThrownBy(() -> rates(-1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Rates(false, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Rates(true, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
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
    }
}
