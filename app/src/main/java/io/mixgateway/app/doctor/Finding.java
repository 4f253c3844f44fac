package io.mixgateway.app.doctor;

import static java.util.Objects.requireNonNull;

import java.util.Locale;

/**
 * What one look came to.
 *
 * @param what a stable word for what was looked at, such as {@code database} or {@code provider deepseek}
 * @param detail what was seen, without secrets
 * @param advice what to do; empty when all is well
 */
public record Finding(String what, State state, String detail, String advice) {
    public Finding {
        requireNonNull(what, "what");
        requireNonNull(state, "state");
        requireNonNull(detail, "detail");
        requireNonNull(advice, "advice");
    }

    /** How bad it is. */
    public enum State {
        OK,
        /** Works, but somebody should look. */
        WARN,
        /** The gateway, or a part of it, cannot work. */
        FAIL;

        private final String word = name().toLowerCase(Locale.ROOT);

        public String word() {
            return word;
        }
    }

    static Finding ok(String what, String detail) {
        return new Finding(what, State.OK, detail, "");
    }

    static Finding warn(String what, String detail, String advice) {
        return new Finding(what, State.WARN, detail, advice);
    }

    static Finding fail(String what, String detail, String advice) {
        return new Finding(what, State.FAIL, detail, advice);
    }
}
