package io.mixgateway.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class FakeClockTest {
    @Test
    void movesWhenToldAndNeverElse() {
        var clock = FakeClock.at(Instant.EPOCH);
        var elsewhere = clock.withZone(ZoneId.of("Asia/Seoul"));
        assertThat(clock.advance(Duration.ofMillis(1500))).isEqualTo(clock.instant());
        assertThat(elsewhere.millis()).isEqualTo(1500);
        clock.advance(Duration.ofSeconds(-1));
        assertThat(clock.millis()).isEqualTo(500);
    }
}
