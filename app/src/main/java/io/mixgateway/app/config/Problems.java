package io.mixgateway.app.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** What was found wrong so far with one reading of the configuration, and on which line each setting stands. */
public final class Problems {
    /** More than anybody reads; keeps a file of pure junk from filling a log. */
    private static final int MOST = 200;

    private final Map<String, Integer> lines = new HashMap<>();
    private final List<Problem> errors = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();

    /** Remembers where a setting stands. */
    void stands(String path, int line) {
        lines.putIfAbsent(path, line);
    }

    /** Something that keeps the configuration from being used. */
    public void error(String path, String message) {
        add(errors, path, lineOf(path), message);
    }

    void error(String path, int line, String message) {
        add(errors, path, OptionalInt.of(line), message);
    }

    /** Something that the operator should know. */
    public void warning(String path, String message) {
        add(warnings, path, lineOf(path), message);
    }

    private static void add(List<Problem> to, String path, OptionalInt line, String message) {
        if (to.size() < MOST) {
            to.add(new Problem(path, line, message));
        }
    }

    /** The line of the setting, or of the nearest thing around it that stands in the file. */
    private OptionalInt lineOf(String path) {
        for (String at = path; !at.isEmpty(); at = Paths.parent(at)) {
            var line = lines.get(at);
            if (line != null) {
                return OptionalInt.of(line);
            }
        }
        return OptionalInt.empty();
    }

    /** Whether the setting, or anything below it, was found wrong. */
    public boolean anyAt(String path) {
        return errors.stream()
                .anyMatch(error -> error.path().equals(path)
                        || error.path().startsWith(path + ".")
                        || error.path().startsWith(path + "["));
    }

    public List<Problem> errors() {
        return inOrder(errors);
    }

    public List<Problem> warnings() {
        return inOrder(warnings);
    }

    private static List<Problem> inOrder(List<Problem> problems) {
        return problems.stream()
                .sorted(Comparator.comparingInt(problem -> problem.line().orElse(Integer.MAX_VALUE)))
                .toList();
    }

    /**
     * Ends the reading if anything was wrong.
     *
     * @throws ConfigException with all of it
     */
    public void throwIfAny(String source) {
        if (!errors.isEmpty()) {
            throw new ConfigException(source, errors());
        }
    }
}
