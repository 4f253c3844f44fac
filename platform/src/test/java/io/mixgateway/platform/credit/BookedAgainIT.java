package io.mixgateway.platform.credit;

import static org.assertj.core.api.Assertions.assertThat;

import io.mixgateway.platform.journal.RandomGenerations;
import io.mixgateway.platform.journal.Settled;
import io.mixgateway.relay.call.GenerationId;
import io.mixgateway.relay.money.Nanos;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** FAILURES 25, 27: a journal that is read again after a crash charges nothing twice, whatever part of it was booked. */
class BookedAgainIT {
    @TempDir
    Path dir;

    @Test
    void booksOnlyWhatIsNew() {
        try (var world = new MoneyWorld(dir)) {
            // Given
            var account = world.account(1_000_000);
            var caller = world.key(account);
            var random = new Random(11);
            var records = new ArrayList<Settled>();
            for (int i = 0; i < 40; i++) {
                records.add(new Settled(
                        RandomGenerations.of(
                                random,
                                GenerationId.at(Instant.now()),
                                account,
                                caller.key(),
                                new Nanos(random.nextLong(3))),
                        List.of()));
            }
            var booking = new UsageBooking(world.store().database(), "no-node");
            long all = records.stream()
                    .mapToLong(r -> r.generation().cost().value())
                    .sum();

            // When: parts that overlap, a whole one, and one with the same record twice
            booking.book(records.subList(0, 10), Map.of());
            booking.book(records.subList(5, 25), Map.of());
            booking.book(records.subList(0, 25), Map.of());
            var twice = new ArrayList<>(records.subList(20, 40));
            twice.addAll(records.subList(30, 40));
            booking.book(twice, Map.of());

            // Then
            assertThat(world.number("select count(*) from generation")).isEqualTo(40);
            assertThat(world.number("select spent from budget where kind = 'credit'"))
                    .isEqualTo(all);
            assertThat(world.ledger.verify().violations()).isEmpty();
        }
    }
}
