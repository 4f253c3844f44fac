package io.mixgateway.app.config;

import java.util.List;
import java.util.stream.Collectors;

/** The configuration cannot be used. Says everything that is wrong with it, one line each. */
public final class ConfigException extends RuntimeException {
    private final String source;
    private final transient List<Problem> problems;

    /**
     * @param source the file's name, or what else was read
     */
    public ConfigException(String source, List<Problem> problems) {
        super(source + ": "
                + (problems.size() == 1 ? "one problem" : problems.size() + " problems")
                + problems.stream().map(problem -> "\n  " + problem).collect(Collectors.joining()));
        this.source = source;
        this.problems = List.copyOf(problems);
    }

    public String source() {
        return source;
    }

    public List<Problem> problems() {
        return problems;
    }
}
