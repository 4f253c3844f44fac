package io.mixgateway.platform.ledger;

import java.util.List;

/** A statement as CSV (RFC 4180), for spreadsheets: what they would take for a formula is made text. */
public final class StatementCsv {
    private static final String HEAD = "time,transfer,kind,description,amount,balance,currency\r\n";

    private static final String FORMULA = "=+-@|%\uFF1D\uFF0B\uFF0D\uFF20";
    private static final String CONTROL = "\t\r\n";

    private StatementCsv() {}

    /** The whole file. */
    public static String of(List<Statement.Row> rows) {
        var csv = new StringBuilder(HEAD);
        for (Statement.Row row : rows) {
            csv.append(row.at())
                    .append(',')
                    .append(row.transfer())
                    .append(',')
                    .append(row.kind())
                    .append(',')
                    .append(cell(row.description()))
                    .append(',')
                    .append(row.amount().toDecimal())
                    .append(',')
                    .append(row.balance().toDecimal())
                    .append(',')
                    .append(row.currency())
                    .append("\r\n");
        }
        return csv.toString();
    }

    /** Text that somebody typed. Spreadsheets run what begins with these (OWASP, CSV injection), also behind blanks. */
    static String cell(String text) {
        var bare = text.stripLeading();
        boolean formula = !bare.isEmpty() && FORMULA.indexOf(bare.charAt(0)) >= 0;
        boolean control = !text.isEmpty() && CONTROL.indexOf(text.charAt(0)) >= 0;
        var safe = formula || control ? "'" + text : text;
        boolean quoted = safe.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r' || c == ';');
        return quoted ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
    }
}
