package io.mixgateway.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads an event stream by the rules of the HTML standard, section 9.2.6 ("Interpreting an event stream"). Written
 * from the standard alone, over the whole text at once, so that it can judge the product's incremental parser.
 */
public final class Sse {
    private static final int BYTE_ORDER_MARK = '\uFEFF';

    private Sse() {}

    /** One dispatched event. */
    public record Event(String type, String data, String lastEventId) {}

    /**
     * A stream that was read to its end.
     *
     * @param comments the comment lines, without their colon
     * @param unfinished whether an event was begun at the end and, by the rules, dropped
     */
    public record Stream(List<Event> events, List<String> comments, boolean unfinished) {
        public Stream {
            events = List.copyOf(events);
            comments = List.copyOf(comments);
        }

        /** The data of each event. */
        public List<String> data() {
            return events.stream().map(Event::data).toList();
        }
    }

    public static Stream read(byte[] bytes) {
        return read(new String(bytes, UTF_8));
    }

    public static Stream read(String text) {
        var events = new ArrayList<Event>();
        var comments = new ArrayList<String>();
        var data = new StringBuilder();
        boolean hasData = false;
        var type = "";
        var id = "";
        int at = !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? 1 : 0;
        while (at < text.length()) {
            int end = at;
            while (end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
                end++;
            }
            if (end == text.length()) {
                // A line without an end is not a line; whatever it would have added is dropped with its event.
                return new Stream(events, comments, true);
            }
            var line = text.substring(at, end);
            at = end + (text.startsWith("\r\n", end) ? 2 : 1);
            int colon = line.indexOf(':');
            if (line.isEmpty()) {
                if (hasData) {
                    events.add(new Event(type.isEmpty() ? "message" : type, data.substring(0, data.length() - 1), id));
                }
                data.setLength(0);
                hasData = false;
                type = "";
                continue;
            }
            if (colon == 0) {
                comments.add(line.substring(1));
                continue;
            }
            var field = colon < 0 ? line : line.substring(0, colon);
            var value = colon < 0 ? "" : line.substring(colon + 1);
            value = value.startsWith(" ") ? value.substring(1) : value;
            switch (field) {
                case "data" -> {
                    data.append(value).append('\n');
                    hasData = true;
                }
                case "event" -> type = value;
                case "id" -> id = value.indexOf('\0') < 0 ? value : id;
                default -> {
                    // retry concerns reconnection only; all other fields are ignored by the rules
                }
            }
        }
        return new Stream(events, comments, hasData);
    }
}
