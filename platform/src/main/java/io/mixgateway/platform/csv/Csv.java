package io.mixgateway.platform.csv;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Writes rows as RFC 4180 says. Text that a spreadsheet would take for a formula (OWASP: "CSV injection") gets an
 * apostrophe before it, which spreadsheets show as text; plain numbers are left as they are.
 */
public final class Csv {
    private static final String LINE_END = "\r\n";
    private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]+(?:\\.[0-9]+)?");

    private final StringBuilder text = new StringBuilder();

    /** @param head the names of the columns */
    public Csv(List<String> head) {
        row(head);
    }

    /** Adds a row. Its cells may come from outside. */
    public Csv row(List<String> cells) {
        for (int i = 0; i < cells.size(); i++) {
            if (i > 0) {
                text.append(',');
            }
            text.append(cell(cells.get(i)));
        }
        text.append(LINE_END);
        return this;
    }

    /** One cell, defused and quoted where it must be. */
    public static String cell(String value) {
        var safe = isFormula(value) ? "'" + value : value;
        boolean quoted = safe.chars().anyMatch(c -> c == ',' || c == ';' || c == '"' || c < ' ')
                || safe.startsWith(" ")
                || safe.endsWith(" ");
        return quoted ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
    }

    /** Also behind blanks, which some spreadsheets skip, and in the full-width forms, which some take for the plain ones. */
    private static boolean isFormula(String value) {
        var seen = value.stripLeading();
        if (!value.isEmpty() && (value.charAt(0) == '\t' || value.charAt(0) == '\r' || value.charAt(0) == '\n')) {
            return true;
        }
        return !seen.isEmpty()
                && "=+-@|%\uff1d\uff0b\uff0d\uff20".indexOf(seen.charAt(0)) >= 0
                && !NUMBER.matcher(value).matches();
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
