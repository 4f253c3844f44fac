package io.mixgateway.app.config;

import static java.util.Objects.requireNonNull;

import java.util.OptionalInt;

/**
 * One thing that is wrong with the configuration, or deserves a warning.
 *
 * @param path where, such as {@code providers.mock.models[0].price.input}, or the name of an environment variable;
 *     empty when it is the file as a whole
 * @param line the line in the file, from 1, where there is one
 * @param message what is wrong and what is expected, without secrets
 */
public record Problem(String path, OptionalInt line, String message) {
    public Problem {
        requireNonNull(path, "path");
        requireNonNull(line, "line");
        requireNonNull(message, "message");
    }

    /** One line of text: {@code line 12: server.port: …}. */
    @Override
    public String toString() {
        var text = new StringBuilder();
        line.ifPresent(number -> text.append("line ").append(number).append(": "));
        if (!path.isEmpty()) {
            text.append(path).append(": ");
        }
        return text.append(message).toString();
    }
}
