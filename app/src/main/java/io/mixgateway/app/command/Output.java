package io.mixgateway.app.command;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a command says: with {@code --json} one document on standard output, else lines for a person.
 *
 * @param out for what was asked for
 * @param err for what a person should notice beside it
 */
record Output(PrintStream out, PrintStream err, boolean json) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /**
     * Answers.
     *
     * @param document for {@code --json}: maps, lists, strings, whole numbers, booleans
     * @param lines for a person
     */
    void say(Map<String, ?> document, String lines) {
        if (json) {
            out.println(JSON.writeValueAsString(document));
        } else {
            out.println(lines);
        }
        out.flush();
    }

    /** A table for a person: columns as wide as what stands in them, nothing but the head when there are no rows. */
    static String table(List<String> head, List<List<String>> rows) {
        var width = new int[head.size()];
        for (int column = 0; column < width.length; column++) {
            int at = column;
            width[column] = Math.max(
                    head.get(column).length(),
                    rows.stream().mapToInt(row -> row.get(at).length()).max().orElse(0));
        }
        var text = new StringBuilder(line(head, width));
        rows.forEach(row -> text.append('\n').append(line(row, width)));
        return text.toString();
    }

    private static String line(List<String> cells, int[] width) {
        var line = new StringBuilder();
        for (int column = 0; column < width.length; column++) {
            line.append(cells.get(column));
            line.repeat(' ', width[column] - cells.get(column).length() + 2);
        }
        return line.toString().stripTrailing();
    }
}
