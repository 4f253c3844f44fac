package io.mixgateway.testkit;

import java.util.List;
import java.util.Random;

/**
 * JSON text as no serializer would write it, all of it valid: odd white space, escapes where none are needed, numbers
 * that no {@code double} holds, empty and null values. Drawn from a {@link Random}.
 */
final class RandomJson {
    private static final List<String> SPACES = List.of("", "", "", "", " ", "  ", "\n", "\t", "\r\n", " \n\t ");
    private static final List<String> NUMBERS = List.of(
            "0",
            "-0",
            "0.0",
            "-0.0",
            "1",
            "1.0",
            "1e0",
            "1E+2",
            "2147483648",
            "9223372036854775808",
            "123456789012345678901234567890",
            "0.1000000000000000055511151231257827",
            "-1.5e-10",
            "1e400");
    private static final List<String> TEXTS = List.of(
            "",
            "x",
            "hello world",
            "语言模型",
            "👩‍👩‍👧 🙂",
            "\\n\\t\\\\ \\/ \\\"",
            "\\u0041\\u00e9\\u4e2d",
            "\\ud83d\\ude42",
            "\\ud800",
            "\\u0000",
            "{\\\"model\\\":\\\"no\\\"}",
            "]}],",
            "data: x",
            "é\u2028\u007f",
            "model",
            "stream");

    private final Random random;

    RandomJson(Random random) {
        this.random = random;
    }

    String space() {
        return pick(SPACES);
    }

    /** A string, quotes included. */
    String string() {
        var text = new StringBuilder("\"");
        for (int i = random.nextInt(4); i >= 0; i--) {
            text.append(pick(TEXTS));
        }
        return text.append('"').toString();
    }

    /** A member's name. Half a surrogate pair is left to values: Jackson takes it there and not in names. */
    private String name() {
        return string().replace("\\ud800", "");
    }

    String number() {
        return pick(NUMBERS);
    }

    /** Any value, containers at most {@code depth} deep. */
    String value(int depth) {
        return switch (random.nextInt(depth > 0 ? 9 : 6)) {
            case 0 -> "null";
            case 1 -> "false";
            case 2 -> "true";
            case 3 -> number();
            case 4, 5 -> string();
            case 6 -> random.nextBoolean() ? "[]" : "{}";
            case 7 -> array(depth - 1);
            default -> object(depth - 1);
        };
    }

    private String array(int depth) {
        var text = new StringBuilder("[");
        for (int i = random.nextInt(4); i >= 0; i--) {
            text.append(space()).append(value(depth)).append(space()).append(i == 0 ? "" : ",");
        }
        return text.append(']').toString();
    }

    private String object(int depth) {
        var text = new StringBuilder("{");
        for (int i = random.nextInt(4); i >= 0; i--) {
            // Names repeat now and then: only top-level ones have to differ.
            text.append(space()).append(random.nextBoolean() ? "\"model\"" : name());
            text.append(space())
                    .append(':')
                    .append(space())
                    .append(value(depth))
                    .append(space());
            text.append(i == 0 ? "" : ",");
        }
        return text.append('}').toString();
    }

    /** {@code text} with some of its ASCII characters written as escapes, quotes included. */
    String spelled(String text) {
        var spelled = new StringBuilder("\"");
        boolean escapes = random.nextInt(8) == 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '/' && random.nextInt(4) == 0) {
                spelled.append("\\/");
            } else if (escapes && random.nextInt(3) == 0) {
                spelled.append(String.format("\\u%04x", (int) c));
            } else {
                spelled.append(c);
            }
        }
        return spelled.append('"').toString();
    }

    <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
