package io.mixgateway.relay.sandbox;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * One schema being satisfied: where its references lead, and how much work it may still cause. Schemas come from
 * callers, so every walk through one counts its steps here.
 */
final class SchemaWork {
    static final int DEEPEST = 64;
    private static final int MOST_STEPS = 100_000;
    private static final int LONGEST_PATTERN = 2_000;
    private static final int LOOKS_PER_MATCH = 100_000;

    private final Json.Obj root;
    private final Map<String, Optional<Pattern>> patterns = new HashMap<>();
    private int steps;

    SchemaWork(Json.Obj root) {
        this.root = root;
    }

    /** More steps than one schema may take, or deeper than it may lead. */
    static final class TooMuch extends RuntimeException {
        TooMuch() {
            super("too much", null, false, false);
        }
    }

    void step(int depth) {
        if (++steps > MOST_STEPS || depth > DEEPEST) {
            throw new TooMuch();
        }
    }

    /** Where a reference within the document leads; null when nowhere. */
    @Nullable
    Json resolve(String reference) {
        if (!reference.equals("#") && !reference.startsWith("#/")) {
            return null;
        }
        Json at = root;
        for (String part :
                reference.equals("#") ? new String[0] : reference.substring(2).split("/", -1)) {
            at = child(at, part);
            if (at == null) {
                return null;
            }
        }
        return at;
    }

    private static @Nullable Json child(Json parent, String part) {
        String name;
        try {
            name = URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8)
                    .replace("~1", "/")
                    .replace("~0", "~");
        } catch (IllegalArgumentException _) {
            return null;
        }
        return switch (parent) {
            case Json.Obj object -> object.get(name);
            case Json.Arr(var items)
            when name.matches("\\d{1,6}") -> {
                int index = Integer.parseInt(name);
                yield index < items.size() ? items.get(index) : null;
            }
            case Json.Arr _, Json.Str _, Json.Num _, Json.Bool _, Json.Null _ -> null;
        };
    }

    /**
     * Whether {@code pattern} is found in {@code text}. False for what is no pattern.
     *
     * @throws TooMuch when the match takes too long: a pattern can be made to take for ever
     */
    boolean finds(String pattern, String text) {
        var compiled = patterns.computeIfAbsent(pattern, SchemaWork::compile);
        return compiled.isPresent()
                && compiled.get().matcher(new Watched(text, new int[1])).find();
    }

    private static Optional<Pattern> compile(String pattern) {
        try {
            return pattern.length() > LONGEST_PATTERN ? Optional.empty() : Optional.of(Pattern.compile(pattern));
        } catch (PatternSyntaxException _) {
            return Optional.empty();
        }
    }

    /** A text that counts how often it is looked at. */
    private record Watched(CharSequence text, int[] looks) implements CharSequence {
        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (++looks[0] > LOOKS_PER_MATCH) {
                throw new TooMuch();
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Watched(text.subSequence(start, end), looks);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
