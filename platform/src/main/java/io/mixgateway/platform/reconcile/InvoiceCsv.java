package io.mixgateway.platform.reconcile;

import io.mixgateway.platform.ChangeRefused;
import io.mixgateway.relay.money.Nanos;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads an invoice: CSV (RFC 4180) with a line of headings, in any order and with others beside them: {@code date},
 * {@code model}, {@code cost}, and where there are {@code calls}, {@code input_tokens}, {@code output_tokens}.
 */
public final class InvoiceCsv {
    private static final int MOST_LINES = 1_000_000;
    private static final Map<String, List<String>> NAMES = Map.of(
            "date", List.of("date", "day"),
            "model", List.of("model", "model_id"),
            "cost", List.of("cost", "cost_usd", "amount", "amount_usd"),
            "calls", List.of("calls", "requests", "num_model_requests"),
            "input", List.of("input_tokens", "prompt_tokens"),
            "output", List.of("output_tokens", "completion_tokens"));

    private final String text;
    private int at;
    private int line = 1;

    private InvoiceCsv(String text) {
        this.text = text;
    }

    /**
     * The lines of the invoice, one for each day and model.
     *
     * @param aliases model names as the invoice writes them, with ours
     * @throws ChangeRefused for what cannot be read, naming the line: values that are missing, negative or no plain decimals
     */
    public static List<InvoiceLine> read(String text, Map<String, String> aliases) {
        var csv = new InvoiceCsv(text.startsWith("\uFEFF") ? text.substring(1) : text);
        var heads = csv.columns(csv.row());
        var lines = new LinkedHashMap<String, InvoiceLine>();
        while (csv.at < csv.text.length()) {
            int number = csv.line;
            var row = csv.row();
            if (row.size() == 1 && row.getFirst().isBlank()) {
                continue;
            }
            if (number > MOST_LINES) {
                throw new ChangeRefused("invoice: more than " + MOST_LINES + " lines (expected: fewer)");
            }
            var read = line(row, heads, aliases, number);
            lines.merge(read.day() + " " + read.model(), read, InvoiceLine::plus);
        }
        if (lines.isEmpty()) {
            throw new ChangeRefused("invoice: no lines (expected: headings, then one line for each day and model)");
        }
        return List.copyOf(lines.values());
    }

    private Map<String, Integer> columns(List<String> heads) {
        var columns = new LinkedHashMap<String, Integer>();
        for (int i = 0; i < heads.size(); i++) {
            var head = heads.get(i).strip().toLowerCase(Locale.ROOT).replace(' ', '_');
            int column = i;
            NAMES.forEach((name, spellings) -> {
                if (spellings.contains(head)) {
                    columns.putIfAbsent(name, column);
                }
            });
        }
        for (String needed : List.of("date", "model", "cost")) {
            if (!columns.containsKey(needed)) {
                throw new ChangeRefused(
                        "invoice: no column " + needed + " (expected: date, model, cost, and where there"
                                + " are calls, input_tokens, output_tokens)");
            }
        }
        return columns;
    }

    private static InvoiceLine line(
            List<String> row, Map<String, Integer> columns, Map<String, String> aliases, int number) {
        var model = cell(row, columns, "model");
        if (model == null) {
            throw wrong(number, "model", "missing");
        }
        var cost = cell(row, columns, "cost");
        var day = cell(row, columns, "date");
        if (cost == null || !cost.matches("\\d{1,9}(\\.\\d{1,9})?")) {
            throw wrong(number, "cost", cost == null ? "missing" : cost);
        }
        try {
            return new InvoiceLine(
                    LocalDate.parse(day == null ? "" : day.substring(0, Math.min(10, day.length()))),
                    aliases.getOrDefault(model, model),
                    count(row, columns, "calls", number),
                    count(row, columns, "input", number),
                    count(row, columns, "output", number),
                    Nanos.parse(cost));
        } catch (DateTimeException _) {
            throw wrong(number, "date", day == null ? "missing" : day);
        }
    }

    private static OptionalLong count(List<String> row, Map<String, Integer> columns, String name, int number) {
        var cell = cell(row, columns, name);
        if (cell == null) {
            return OptionalLong.empty();
        }
        if (!cell.matches("\\d{1,15}")) {
            throw wrong(number, name, cell);
        }
        return OptionalLong.of(Long.parseLong(cell));
    }

    private static @Nullable String cell(List<String> row, Map<String, Integer> columns, String name) {
        var column = columns.get(name);
        if (column == null || column >= row.size() || row.get(column).isBlank()) {
            return null;
        }
        return row.get(column).strip();
    }

    private static ChangeRefused wrong(int number, String column, String cell) {
        var shown = cell.length() > 40 ? cell.substring(0, 40) + "…" : cell;
        return new ChangeRefused("invoice: line " + number + ", " + column + ": " + shown
                + " (expected: dates as 2026-11-23, counts and costs as plain numbers of 0 or more)");
    }

    /** The cells of one row; moves behind its end. */
    private List<String> row() {
        var cells = new ArrayList<String>();
        var cell = new StringBuilder();
        boolean quoted = false;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '\n') {
                line++;
            }
            if (quoted) {
                if (c != '"') {
                    cell.append(c);
                } else if (at < text.length() && text.charAt(at) == '"') {
                    cell.append('"');
                    at++;
                } else {
                    quoted = false;
                }
            } else if (c == '"' && cell.isEmpty()) {
                quoted = true;
            } else if (c == ',') {
                cells.add(cell.toString());
                cell.setLength(0);
            } else if (c == '\n') {
                break;
            } else if (c != '\r') {
                cell.append(c);
            }
        }
        cells.add(cell.toString());
        return cells;
    }
}
