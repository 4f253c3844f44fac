package io.mixgateway.platform.csv;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Must show 7: cells that begin like formulas are defused. */
class CsvTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "=1+1",
                "+cmd|' /C calc'!A0",
                "-2+3",
                "@SUM(A1:A9)",
                "\t=1",
                "\r=1",
                "\n=1",
                "  =1",
                "|calc",
                "%0A=1",
                "＝1+1",
                "=HYPERLINK(\"http://evil\",\"x\")",
                "-",
                "+1 555 0100",
                "--1"
            })
    void whatBeginsLikeAFormulaIsText(String cell) {
        var written = Csv.cell(cell);

        assertThat(written.startsWith("\"") ? written.substring(1) : written).startsWith("'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-5.00", "+3", "0.000123400", "gen-01", "a=b", "x@y.org", "", "한국어", "'quoted'"})
    void whatIsNoneStaysAsItIs(String cell) {
        assertThat(Csv.cell(cell)).isEqualTo(cell);
    }

    @Test
    void quotesWhatNeedsQuotes() {
        assertThat(new Csv(List.of("name", "cost"))
                        .row(List.of("a,b \"c\"\nd", "1.5"))
                        .row(List.of("<b>", "-1"))
                        .toString())
                .isEqualTo("name,cost\r\n\"a,b \"\"c\"\"\nd\",1.5\r\n<b>,-1\r\n");
    }
}
