package io.mixgateway.platform.ledger;

import io.mixgateway.platform.csv.Csv;
import java.util.List;

/** A statement as CSV, for spreadsheets. */
public final class StatementCsv {
    private StatementCsv() {}

    /** The whole file. */
    public static String of(List<Statement.Row> rows) {
        var csv = new Csv(List.of("time", "transfer", "kind", "description", "amount", "balance", "currency"));
        for (Statement.Row row : rows) {
            csv.row(List.of(
                    row.at().toString(),
                    Long.toString(row.transfer()),
                    row.kind(),
                    row.description(),
                    row.amount().toDecimal(),
                    row.balance().toDecimal(),
                    row.currency()));
        }
        return csv.toString();
    }
}
