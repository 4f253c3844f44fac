package io.mixgateway.app.config;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * YAML nodes to records. Goes on after a problem with what the setting is by default, so that one reading finds all
 * of them; the result counts only when none was found.
 */
final class Binder {
    private final ScalarReader scalars;
    private final Overrides overrides;
    private final Problems problems;

    Binder(Map<String, String> environment, Overrides overrides, Problems problems) {
        this.scalars = new ScalarReader(environment, problems);
        this.overrides = overrides;
        this.problems = problems;
    }

    /** The whole tree; a root whose every setting has a default always comes to something. */
    <R> R root(Class<R> type, @Nullable Node node) {
        var bound = record(type, isNull(node) ? null : node, "");
        return type.cast(Objects.requireNonNull(
                bound != null ? bound : defaults(type), () -> type.getName() + " has settings without a default"));
    }

    /** The thing with all its defaults; null when it cannot be without something said. */
    private static @Nullable Object defaults(Class<?> type) {
        var ignored = new Problems();
        return new Binder(Map.of(), new Overrides(type, Map.of(), ignored), ignored).record(type, null, "");
    }

    private @Nullable Object record(Class<?> type, @Nullable Node node, String path) {
        Map<String, Node> given = node == null ? new LinkedHashMap<>() : entries(node, path);
        if (given == null) {
            return null;
        }
        var values = new ArrayList<@Nullable Object>();
        for (var part : SettingTree.partsOf(type)) {
            values.add(value(part.type(), part.setting(), given.remove(part.key()), Paths.child(path, part.key())));
        }
        var keys = SettingTree.keysOf(type);
        given.keySet()
                .forEach(
                        key -> problems.error(Paths.child(path, key), "unknown setting" + NearestName.hint(key, keys)));
        return values.contains(null) ? null : construct(type, values, path);
    }

    /** The value of one setting; null after a problem for which there is no default. */
    private @Nullable Object value(Type type, Setting setting, @Nullable Node node, String path) {
        var raw = SettingTree.raw(type);
        if (node != null && isNull(node) && overrides.at(path).isEmpty()) {
            if (mayBeBare(raw)) {
                return value(type, setting, null, path);
            }
            problems.error(path, "has no value (expected: one, or the key left out)");
            return absent(type, setting, path, false);
        }
        if (raw == Optional.class) {
            var inner = SettingTree.element(type);
            return node == null && overrides.at(path).isEmpty() && !overrides.anyBelow(path)
                    ? Optional.empty()
                    : Optional.ofNullable(value(inner, setting, node, path));
        }
        if (raw == List.class) {
            return list(type, setting, node, path);
        }
        if (raw == Map.class) {
            return map(type, setting, node, path);
        }
        if (Scalars.of(raw).isPresent()) {
            var override = overrides.at(path);
            if (override.isEmpty() && node == null) {
                return absent(type, setting, path, true);
            }
            var read = override.isPresent()
                    ? scalars.fromVariable(raw, setting, override.get(), path)
                    : scalars.fromFile(raw, setting, node, path);
            return read != null ? read : absent(type, setting, path, false);
        }
        var bound = record(raw, node, path);
        return bound != null ? bound : defaults(raw);
    }

    /** Whether a key without anything after it, such as {@code deepseek:}, can mean a thing of defaults. */
    private static boolean mayBeBare(Class<?> type) {
        return type == Map.class
                || type == List.class
                || (type.isRecord() && Scalars.of(type).isEmpty() && !requires(type));
    }

    private static boolean requires(Class<?> type) {
        return SettingTree.partsOf(type).stream()
                .anyMatch(part -> Scalars.of(SettingTree.raw(part.type())).isPresent()
                        && part.setting().byDefault().isEmpty());
    }

    private @Nullable Object absent(Type type, Setting setting, String path, boolean say) {
        var raw = SettingTree.raw(type);
        if (raw == Optional.class) {
            return Optional.empty();
        }
        if (raw == List.class || raw == Map.class) {
            return raw == List.class ? list(type, setting, null, path) : Map.of();
        }
        var scalar = Scalars.of(raw);
        if (scalar.isEmpty()) {
            return defaults(raw);
        }
        if (setting.byDefault().isEmpty()) {
            if (say) {
                problems.error(path, "missing (expected: " + scalar.get().form() + ")");
            }
            return null;
        }
        return scalar.get()
                .parse(setting.byDefault())
                .orElseThrow(() -> new IllegalStateException(path + ": its default cannot be read"));
    }

    private Object list(Type type, Setting setting, @Nullable Node node, String path) {
        var element = SettingTree.element(type);
        var items = new ArrayList<Object>();
        var override = overrides.at(path);
        if (override.isPresent() || node == null) {
            var words = override.orElse(setting.byDefault());
            for (String word : words.isEmpty() ? new String[0] : words.split(",", -1)) {
                var item = scalars.fromVariable(SettingTree.raw(element), setting, word.strip(), path);
                if (item != null) {
                    items.add(item);
                }
            }
            return List.copyOf(items);
        }
        if (!(node instanceof SequenceNode sequence) || !node.getTag().equals(Tag.SEQ)) {
            problems.error(path, ScalarReader.kindOf(node) + " (expected: a list)");
            return List.of();
        }
        int index = 0;
        for (Node item : sequence.getValue()) {
            problems.stands(Paths.item(path, index), lineOf(item));
            var bound = value(element, setting, item, Paths.item(path, index++));
            if (bound != null) {
                items.add(bound);
            }
        }
        return List.copyOf(items);
    }

    private Object map(Type type, Setting setting, @Nullable Node node, String path) {
        var given = node == null ? new LinkedHashMap<String, Node>() : entries(node, path);
        var bound = new LinkedHashMap<String, Object>();
        if (given != null) {
            given.forEach((name, item) -> {
                var at = Paths.child(path, name);
                if (!setting.names().isEmpty() && !name.matches(setting.names())) {
                    problems.error(at, "not a name for this (expected: " + setting.namesAre() + ")");
                }
                var value = value(SettingTree.element(type), setting, item, at);
                if (value != null) {
                    bound.put(name, value);
                }
            });
        }
        return java.util.Collections.unmodifiableMap(bound);
    }

    private @Nullable Map<String, Node> entries(Node node, String path) {
        if (!(node instanceof MappingNode mapping) || !node.getTag().equals(Tag.MAP)) {
            problems.error(path, ScalarReader.kindOf(node) + " (expected: settings, each as key: value)");
            return null;
        }
        var entries = new LinkedHashMap<String, Node>();
        var firstLines = new LinkedHashMap<String, Integer>();
        mapping.getValue().forEach(tuple -> {
            int line = lineOf(tuple.getKeyNode());
            if (!(tuple.getKeyNode() instanceof ScalarNode keyNode)) {
                problems.error(path, line, "a key that is not a word (expected: key: value)");
                return;
            }
            var key = References.show(keyNode.getValue());
            var at = Paths.child(path, key);
            problems.stands(at, line);
            var first = firstLines.putIfAbsent(key, line);
            if (first != null) {
                problems.error(at, line, "given twice, first on line " + first);
            } else {
                entries.put(key, tuple.getValueNode());
            }
        });
        return entries;
    }

    private static int lineOf(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
    }

    private static boolean isNull(@Nullable Node node) {
        return node == null || node.getTag().equals(Tag.NULL);
    }

    private @Nullable Object construct(Class<?> type, List<@Nullable Object> values, String path) {
        try {
            return SettingTree.constructorOf(type).newInstance(values.toArray());
        } catch (InvocationTargetException thrown) {
            if (!(thrown.getCause() instanceof IllegalArgumentException refused)) {
                throw new IllegalStateException(type.getName(), thrown.getCause());
            }
            refused(type, path, Optional.ofNullable(refused.getMessage()).orElse("refused"));
            return null;
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(type.getName(), impossible);
        }
    }

    /**
     * What a record's own checks say; {@code key: message} is about that setting of it. Not said where something was
     * wrong already, since the check may only have missed what could not be read.
     */
    private void refused(Class<?> type, String path, String message) {
        int colon = message.indexOf(": ");
        boolean ofKey = colon > 0 && SettingTree.keysOf(type).contains(message.substring(0, colon));
        var at = ofKey ? Paths.child(path, message.substring(0, colon)) : path;
        if (!problems.anyAt(at)) {
            problems.error(at, ofKey ? message.substring(colon + 2) : message);
        }
    }
}
