package io.mixgateway.app.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What the record tree says about the file: keys, descriptions, and the types of things. */
final class SettingTree {
    private SettingTree() {}

    /** One setting as declared; {@code path} has {@code NAME} where the file's own names stand and {@code []} for lists. */
    record Declared(String path, Type type, Setting setting) {}

    static Setting settingOf(RecordComponent component) {
        return Objects.requireNonNull(
                component.getAnnotation(Setting.class),
                () -> component.getDeclaringRecord().getName() + "." + component.getName() + " has no @Setting");
    }

    static String keyOf(RecordComponent component) {
        var name = settingOf(component).name();
        return name.isEmpty() ? kebab(component.getName()) : name;
    }

    private static String kebab(String camel) {
        return camel.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    static List<String> keysOf(Class<?> type) {
        return Arrays.stream(type.getRecordComponents()).map(SettingTree::keyOf).toList();
    }

    static Class<?> raw(Type type) {
        return (Class<?>) (type instanceof ParameterizedType generic ? generic.getRawType() : type);
    }

    /** The last type argument: of an optional, of a list, or of a map's values. */
    static Type element(Type type) {
        var arguments = ((ParameterizedType) type).getActualTypeArguments();
        return arguments[arguments.length - 1];
    }

    /** Every setting in the file's order, depth first. */
    static List<Declared> declared(Class<?> root) {
        var found = new ArrayList<Declared>();
        collect(root, "", found);
        return found;
    }

    private static void collect(Class<?> type, String path, List<Declared> found) {
        for (RecordComponent component : type.getRecordComponents()) {
            var at = path.isEmpty() ? keyOf(component) : path + "." + keyOf(component);
            found.add(new Declared(at, component.getGenericType(), settingOf(component)));
            descend(component.getGenericType(), at, found);
        }
    }

    private static void descend(Type type, String path, List<Declared> found) {
        var raw = raw(type);
        if (raw == Optional.class) {
            descend(element(type), path, found);
        } else if (raw == List.class) {
            descend(element(type), path + "[]", found);
        } else if (raw == Map.class) {
            descend(element(type), path + ".NAME", found);
        } else if (raw.isRecord() && Scalars.of(raw).isEmpty()) {
            collect(raw, path, found);
        }
    }

    /** Whether one environment variable can say it: a single value, or a list of them, outside maps and lists. */
    static boolean isScalar(Declared declared) {
        if (declared.path().contains(".NAME") || declared.path().contains("[]")) {
            return false;
        }
        var type = declared.type();
        var raw = raw(type);
        var single = raw == Optional.class || raw == List.class ? raw(element(type)) : raw;
        return Scalars.of(single).isPresent();
    }
}
