package io.mixgateway.platform.credit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CapWindowTest {
    @ParameterizedTest
    @CsvSource({
        "day,   2026-11-23T12:00:00Z, UTC,              2026-11-23T00:00:00Z, 2026-11-24T00:00:00Z",
        "day,   2026-11-23T20:00:00Z, Asia/Seoul,       2026-11-23T15:00:00Z, 2026-11-24T15:00:00Z",
        "day,   2026-11-23T00:00:00Z, UTC,              2026-11-23T00:00:00Z, 2026-11-24T00:00:00Z",
        "week,  2026-11-29T23:59:59Z, UTC,              2026-11-23T00:00:00Z, 2026-11-30T00:00:00Z",
        "month, 2026-12-01T04:00:00Z, America/New_York, 2026-11-01T04:00:00Z, 2026-12-01T05:00:00Z",
    })
    void followsTheCalendarOfTheAccount(String period, Instant now, String zone, Instant start, Instant end) {
        assertThat(CapWindow.of(period, now, ZoneId.of(zone))).isEqualTo(new CapWindow(start, end));
    }

    @Test
    void knowsDaysOfOtherLengths() {
        var zone = ZoneId.of("Europe/Berlin");
        var short_ = CapWindow.of("day", Instant.parse("2026-03-29T12:00:00Z"), zone);
        var long_ = CapWindow.of("day", Instant.parse("2026-10-25T12:00:00Z"), zone);
        assertThat(Duration.between(short_.start(), short_.end())).isEqualTo(Duration.ofHours(23));
        assertThat(Duration.between(long_.start(), long_.end())).isEqualTo(Duration.ofHours(25));
    }

    @Test
    void countsATotalForEver() {
        var window = CapWindow.of("total", Instant.now(), ZoneId.of("UTC"));
        assertThat(window.start()).isEqualTo(Instant.EPOCH);
        assertThat(window.end()).isAfter(Instant.parse("9000-01-01T00:00:00Z"));
        assertThatThrownBy(() -> CapWindow.of("year", Instant.now(), ZoneId.of("UTC")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
