package io.mixgateway.platform.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mixgateway.platform.ChangeRefused;
import io.mixgateway.relay.money.Nanos;
import java.time.LocalDate;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InvoiceCsvTest {
    @Test
    void readsColumnsInAnyOrderAndAddsLinesOfOneModelAndDay() {
        var lines = InvoiceCsv.read(
                "\uFEFFProject,Model,Date,Requests,Prompt tokens,Completion tokens,Cost USD\r\n"
                        + "\"a, \"\"b\"\"\",gpt-x-2026-01-01,2026-11-20T00:00:00Z,2,100,10,0.5\r\n"
                        + "\"two\nlines\",gpt-x,2026-11-20,3,200,20,0.25\r\n\r\n"
                        + "c,other,2026-11-21,,,,1\r\n",
                Map.of("gpt-x-2026-01-01", "gpt-x"));
        assertThat(lines)
                .containsExactly(
                        new InvoiceLine(
                                LocalDate.of(2026, 11, 20),
                                "gpt-x",
                                OptionalLong.of(5),
                                OptionalLong.of(300),
                                OptionalLong.of(30),
                                Nanos.parse("0.75")),
                        new InvoiceLine(
                                LocalDate.of(2026, 11, 21),
                                "other",
                                OptionalLong.empty(),
                                OptionalLong.empty(),
                                OptionalLong.empty(),
                                Nanos.parse("1")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "date,model\n2026-01-01,m",
                "date,model,cost",
                "date,model,cost\n2026-01-01,m,-1",
                "date,model,cost\n2026-01-01,m,NaN",
                "date,model,cost\n2026-01-01,m,",
                "date,model,cost\n2026-13-01,m,1",
                "date,model,cost\n,m,1",
                "date,model,cost\n2026-01-01,,1",
                "date,model,cost,calls\n2026-01-01,m,1,-2",
                "date,model,cost,calls\n2026-01-01,m,1,1.5"
            })
    void refusesWhatIsMissingNegativeOrNoNumber(String text) {
        assertThatThrownBy(() -> InvoiceCsv.read(text, Map.of())).isInstanceOf(ChangeRefused.class);
    }
}
