package io.mixgateway.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;

/**
 * A way to write an event stream. All of them mean the same to a reader that follows the WHATWG rules.
 *
 * @param lineEnd after every line: LF, CR or CRLF
 * @param byteOrderMark whether the stream begins with U+FEFF
 * @param space whether a space stands between {@code data:} and the data
 * @param comments whether comments and keep-alives stand between the events
 * @param finalBlankLine whether the last event is followed by the blank line that dispatches it
 */
public record SseText(String lineEnd, boolean byteOrderMark, boolean space, boolean comments, boolean finalBlankLine) {
    public static final SseText PLAIN = new SseText("\n", false, true, false, true);
    public static final SseText CRLF = new SseText("\r\n", false, true, false, true);
    public static final SseText CR = new SseText("\r", false, true, false, true);
    public static final SseText NO_SPACE = new SseText("\n", false, false, false, true);
    public static final SseText WITH_BOM = new SseText("\n", true, true, false, true);
    public static final SseText WITH_COMMENTS = new SseText("\n", false, true, true, true);
    public static final SseText UNFINISHED = new SseText("\n", false, true, false, false);

    /** Every line end in turn: LF, CRLF, CR. */
    public static final SseText MIXED = new SseText("mixed", true, false, true, true);

    /** All of them that end properly. */
    public static List<SseText> all() {
        return List.of(PLAIN, CRLF, CR, NO_SPACE, WITH_BOM, WITH_COMMENTS, MIXED);
    }

    /** The stream of these events' data. Data with LF in it becomes several {@code data} lines. */
    public byte[] of(List<String> events) {
        return Cuts.join(each(events));
    }

    /** The bytes of each event by itself, comments before it included. */
    public List<byte[]> each(List<String> events) {
        var pieces = new ArrayList<byte[]>();
        for (int i = 0; i < events.size(); i++) {
            var text = new StringBuilder();
            if (i == 0 && byteOrderMark) {
                text.append('\uFEFF');
            }
            if (comments) {
                text.append(": keep-alive ").append(i).append(end(i));
                if (i % 2 == 0) {
                    text.append(end(i));
                }
                text.append("retry: 3000").append(end(i + 1));
            }
            for (String line : events.get(i).split("\n", -1)) {
                text.append(space ? "data: " : "data:").append(line).append(end(i));
            }
            if (finalBlankLine || i < events.size() - 1) {
                text.append(end(i));
            }
            pieces.add(text.toString().getBytes(UTF_8));
        }
        return pieces;
    }

    private String end(int event) {
        if (!lineEnd.equals("mixed")) {
            return lineEnd;
        }
        return switch (event % 3) {
            case 0 -> "\n";
            case 1 -> "\r\n";
            default -> "\r";
        };
    }
}
