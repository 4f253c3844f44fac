package io.mixgateway.platform.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.mixgateway.relay.money.Nanos;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatementCsvTest {
    @Test
    void whatSomebodyTypedIsTextAndAmountsStayNumbers() {
        var row =
                new Statement.Row(7, Instant.EPOCH, "refund", "=x,y", new Nanos(-1_500_000_000), new Nanos(-1), "USD");
        assertThat(StatementCsv.of(List.of(row)))
                .isEqualTo("time,transfer,kind,description,amount,balance,currency\r\n"
                        + "1970-01-01T00:00:00Z,7,refund,\"'=x,y\",-1.50,-0.000000001,USD\r\n");
    }
}
