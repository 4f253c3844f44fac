package io.mixgateway.app.config;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** Text to YAML nodes, within bounds. The engine itself allows fifty aliases of mappings and lists. */
final class YamlText {
    /** Far beyond what any setting needs; the composer recurses, so this keeps it off the end of the stack. */
    private static final int DEEPEST = 50;

    private static final LoadSettings LOADING =
            LoadSettings.builder().setLabel("configuration").build();

    private YamlText() {}

    /** The document, or null when it is empty or cannot be read; the latter is reported. */
    static @Nullable Node parse(String text, Problems problems) {
        if (References.collides(text)) {
            problems.error("", "a character from the private-use block U+E000 to U+E07F (expected: none)");
            return null;
        }
        var hidden = References.hide(text);
        try {
            return withinBounds(hidden, problems)
                    ? new Compose(LOADING).composeString(hidden).orElse(null)
                    : null;
        } catch (MarkedYamlEngineException broken) {
            int line = broken.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            problems.error("", line, "not YAML: " + oneLine(broken.getProblem()));
        } catch (YamlEngineException broken) {
            problems.error("", "not YAML: " + oneLine(broken.getMessage()));
        }
        return null;
    }

    private static boolean withinBounds(String text, Problems problems) {
        int depth = 0;
        for (Event event : new Parse(LOADING).parseString(text)) {
            int line = event.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
            switch (event.getEventId()) {
                case MappingStart, SequenceStart -> depth++;
                case MappingEnd, SequenceEnd -> depth--;
                case Alias, Comment, DocumentStart, DocumentEnd, Scalar, StreamStart, StreamEnd -> {}
            }
            if (depth > DEEPEST) {
                problems.error("", line, "nested deeper than " + DEEPEST + " levels");
                return false;
            }
        }
        return true;
    }

    private static String oneLine(@Nullable String message) {
        var text = References.show(Optional.ofNullable(message).orElse("cannot be read"));
        return Objects.requireNonNull(text.lines().findFirst().orElse("cannot be read"));
    }
}
