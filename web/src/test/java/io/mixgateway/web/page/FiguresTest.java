package io.mixgateway.web.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.mixgateway.relay.money.Nanos;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {
    private final Figures english = new Figures(Language.ENGLISH.locale());

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0                | $0.00",
                "5.00             | $5.00",
                "4.998728         | $4.998728",
                "0.000472         | $0.000472",
                "0.0000009        | < $0.000001",
                "0.000000001      | < $0.000001",
                "-0.000000001     | > −$0.000001",
                "-0.25            | −$0.25",
                "1234.567891      | $1,234.57",
            })
    void moneyIsReadToTheMillionthAndNeverShowsNothingForSomething(String amount, String shown) {
        assertThat(english.money(Nanos.parse(amount), "USD")).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0                | $0.000000",
                "0.000472         | $0.000472",
                "0.000000001      | < $0.000001",
                "-0.000000001     | > −$0.000001",
                "1234.567891      | $1,234.567891",
            })
    void aColumnHasSixPlacesAndNeverShowsNothingForSomething(String amount, String shown) {
        assertThat(english.column(Nanos.parse(amount), "USD")).isEqualTo(shown);
    }

    @Test
    void whatBelongsTogetherAddsUp() {
        assertThat(english.money(Nanos.parse("4.999528"), "USD")).isEqualTo("$4.999528");
        assertThat(english.money(Nanos.parse("0.0008"), "USD")).isEqualTo("$0.0008");
        assertThat(english.money(Nanos.parse("4.998728"), "USD")).isEqualTo("$4.998728");
    }

    @Test
    void aSmallShareIsNotNone() {
        assertThat(english.percent(1, 4_000_000_000_000L)).isEqualTo("< 0.1%");
        assertThat(english.percent(0, 8)).isEqualTo("0.0%");
        assertThat(english.percent(1, 8)).isEqualTo("12.5%");
        assertThat(english.percent(Long.MAX_VALUE, Long.MAX_VALUE)).isEqualTo("100.0%");
        assertThat(english.percent(0, 0)).isEqualTo("–");
    }
}
