package io.mixgateway.platform.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.mixgateway.relay.money.Nanos;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatementCsvTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =cmd|' /C calc'!A0", "|x", "%x", "\uFF1D1"})
    void whatASpreadsheetWouldRunIsText(String formula) {
        var cell = StatementCsv.cell(formula);
        assertThat(cell.startsWith("\"") ? cell.substring(1) : cell).startsWith("'");
    }

    @Test
    void plainTextStaysAndSeparatorsAreQuoted() {
        assertThat(StatementCsv.cell("refund of order 7")).isEqualTo("refund of order 7");
        assertThat(StatementCsv.cell("a, \"b\"\nc")).isEqualTo("\"a, \"\"b\"\"\nc\"");
        assertThat(StatementCsv.cell("")).isEmpty();
    }

    @Test
    void amountsStayNumbers() {
        var row =
                new Statement.Row(7, Instant.EPOCH, "refund", "=x,y", new Nanos(-1_500_000_000), new Nanos(-1), "USD");
        assertThat(StatementCsv.of(List.of(row)))
                .isEqualTo("time,transfer,kind,description,amount,balance,currency\r\n"
                        + "1970-01-01T00:00:00Z,7,refund,\"'=x,y\",-1.50,-0.000000001,USD\r\n");
    }
}
