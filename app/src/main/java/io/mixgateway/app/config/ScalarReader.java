package io.mixgateway.app.config;

import io.mixgateway.relay.catalog.Secret;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Reads single values. What came from the environment, and secrets from anywhere, are never shown in a message. */
final class ScalarReader {
    private static final Set<Tag> PLAIN = Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL);

    private final Map<String, String> environment;
    private final Problems problems;

    ScalarReader(Map<String, String> environment, Problems problems) {
        this.environment = environment;
        this.problems = problems;
    }

    /** The value in the file, references filled in; null after a problem. */
    @Nullable
    Object fromFile(Class<?> type, Setting setting, @Nullable Node node, String path) {
        if (!(node instanceof ScalarNode scalar) || !PLAIN.contains(node.getTag())) {
            problems.error(path, kindOf(node) + " (expected: " + expected(type, setting) + ")");
            return null;
        }
        try {
            var expanded = References.expand(References.show(scalar.getValue()), environment);
            return read(type, setting, expanded.text(), () -> shown(type, expanded), path);
        } catch (IllegalArgumentException unresolved) {
            problems.error(path, Optional.ofNullable(unresolved.getMessage()).orElse("cannot be read"));
            return null;
        }
    }

    private static String shown(Class<?> type, References.Expanded expanded) {
        if (expanded.variable().isPresent()) {
            return "what ${" + expanded.variable().get() + "} makes it";
        }
        if (type == Secret.class) {
            return "not a secret";
        }
        var text = expanded.text();
        return Paths.quoted(type == URI.class ? text.replaceAll("//[^/]*@", "//…@") : text);
    }

    /** The value that an environment variable, or a default, gives. */
    @Nullable
    Object fromVariable(Class<?> type, Setting setting, String text, String path) {
        return read(type, setting, text, () -> "what " + Overrides.variable(path) + " makes it", path);
    }

    private @Nullable Object read(Class<?> type, Setting setting, String text, Supplier<String> shown, String path) {
        var scalar = Scalars.of(type).orElseThrow();
        var value = scalar.parse(text);
        if (value.isEmpty() || !within(value.get(), scalar, setting)) {
            var near = type.isEnum() ? NearestName.to(text, Scalars.words(type)) : Optional.<String>empty();
            var known = Scalars.fault(type, text)
                    .map(fault -> ": " + fault)
                    .or(() -> near.map(word -> " (did you mean " + word + "?)"));
            problems.error(path, shown.get() + known.orElseGet(() -> " (expected: " + expected(type, setting) + ")"));
            return null;
        }
        return value.get();
    }

    private static boolean within(Object value, Scalars.Scalar<?> scalar, Setting setting) {
        return (setting.least().isEmpty() || compare(value, scalar, setting.least()) >= 0)
                && (setting.most().isEmpty() || compare(value, scalar, setting.most()) <= 0);
    }

    @SuppressWarnings("unchecked") // a bound is read by the same scalar, so it is of the value's own type
    private static int compare(Object value, Scalars.Scalar<?> scalar, String bound) {
        return ((Comparable<Object>) value).compareTo(scalar.parse(bound).orElseThrow());
    }

    private static String expected(Class<?> type, Setting setting) {
        var form = Scalars.of(type).orElseThrow().form();
        if (setting.least().isEmpty() && setting.most().isEmpty()) {
            return form;
        }
        return form
                + (setting.least().isEmpty() ? "" : ", from " + setting.least())
                + (setting.most().isEmpty() ? "" : ", to " + setting.most());
    }

    static String kindOf(@Nullable Node node) {
        return switch (node) {
            case MappingNode mapping when mapping.getTag().equals(Tag.MAP) -> "is a mapping";
            case SequenceNode sequence when sequence.getTag().equals(Tag.SEQ) -> "is a list";
            case ScalarNode scalar when PLAIN.contains(scalar.getTag()) -> "is a single value";
            case ScalarNode scalar when scalar.getTag().equals(Tag.NULL) -> "has no value";
            case null, default -> "has a YAML tag, which is not read";
        };
    }
}
