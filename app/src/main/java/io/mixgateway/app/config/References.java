package io.mixgateway.app.config;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * References in the texts of the file: {@code ${NAME}} and {@code ${NAME:-default}}. Two dollar signs before the brace
 * stand for a plain dollar sign and brace.
 *
 * <p>YAML would take the braces of {@code {api-key: ${KEY}}} for a mapping. So before it reads the text each
 * reference's special characters are swapped for private-use ones, one for one, so that lines and columns stay
 * right; afterwards they are swapped back.
 */
final class References {
    private static final Pattern BRACED = Pattern.compile("\\$\\{[^}\\r\\n]*\\}");
    private static final Pattern REFERENCE =
            Pattern.compile("\\$\\$\\{|\\$\\{([A-Za-z_][A-Za-z0-9_]*)(:-([^}]*))?\\}|\\$\\{");
    private static final char HIDDEN = '\uE000';

    private References() {}

    /** A text with its references filled in, and one of the variables it came from, if any. */
    record Expanded(String text, Optional<String> variable) {}

    /** Whether the text already holds characters that {@link #hide} uses. */
    static boolean collides(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isHidden(text.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    static String hide(String text) {
        return BRACED.matcher(text).replaceAll(match -> {
            var hidden = new StringBuilder(match.group());
            for (int at = 1; at < hidden.length(); at++) {
                char plain = hidden.charAt(at);
                if (plain < 0x80 && !Character.isLetterOrDigit(plain)) {
                    hidden.setCharAt(at, (char) (HIDDEN + plain));
                }
            }
            return Matcher.quoteReplacement(hidden.toString());
        });
    }

    static String show(String text) {
        if (!collides(text)) {
            return text;
        }
        var shown = new StringBuilder(text);
        for (int at = 0; at < shown.length(); at++) {
            if (isHidden(shown.charAt(at))) {
                shown.setCharAt(at, (char) (shown.charAt(at) - HIDDEN));
            }
        }
        return shown.toString();
    }

    private static boolean isHidden(char character) {
        return character >= HIDDEN && character < HIDDEN + 0x80;
    }

    /**
     * Fills in the references, from {@code environment}. An empty variable counts as absent only where a default is
     * given, as in a shell.
     *
     * @throws IllegalArgumentException with a message for the operator
     */
    static Expanded expand(String text, Map<String, String> environment) {
        if (!text.contains("${")) {
            return new Expanded(text, Optional.empty());
        }
        var result = new StringBuilder();
        String used = null;
        var matcher = REFERENCE.matcher(text);
        while (matcher.find()) {
            String replacement;
            if (matcher.group().equals("$${")) {
                replacement = "${";
            } else {
                used = matcher.group(1);
                replacement = value(used, matcher.group(3), environment);
            }
            matcher.appendReplacement(result, Matcher.quoteReplacement(replacement));
        }
        matcher.appendTail(result);
        return new Expanded(result.toString(), Optional.ofNullable(used));
    }

    private static String value(@Nullable String name, @Nullable String fallback, Map<String, String> environment) {
        if (name == null) {
            throw new IllegalArgumentException(
                    "a ${ that is no reference (expected: ${NAME} or ${NAME:-default}; " + "$${ for a plain ${)");
        }
        var value = environment.get(name);
        if (fallback != null) {
            return value == null || value.isEmpty() ? fallback : value;
        }
        if (value == null) {
            throw new IllegalArgumentException(
                    "the environment variable " + name + " is not set (set it, or write ${" + name + ":-default})");
        }
        return value;
    }
}
