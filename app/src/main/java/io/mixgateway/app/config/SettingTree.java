package io.mixgateway.app.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
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

    /** One component of a record of settings. */
    record Part(String key, Type type, Setting setting, Method accessor) {
        Object of(Object holder) {
            try {
                return accessor.invoke(holder);
            } catch (ReflectiveOperationException impossible) {
                throw new IllegalStateException(accessor.toString(), impossible);
            }
        }
    }

    private static final ClassValue<List<Part>> PARTS = new ClassValue<>() {
        @Override
        protected List<Part> computeValue(Class<?> type) {
            return Arrays.stream(type.getRecordComponents())
                    .map(SettingTree::part)
                    .toList();
        }
    };

    private static final ClassValue<Constructor<?>> CONSTRUCTORS = new ClassValue<>() {
        @Override
        protected Constructor<?> computeValue(Class<?> type) {
            try {
                var canonical = type.getDeclaredConstructor(Arrays.stream(type.getRecordComponents())
                        .map(RecordComponent::getType)
                        .toArray(Class<?>[]::new));
                canonical.setAccessible(true);
                return canonical;
            } catch (NoSuchMethodException impossible) {
                throw new IllegalStateException(type.getName(), impossible);
            }
        }
    };

    private static Part part(RecordComponent component) {
        var setting = Objects.requireNonNull(
                component.getAnnotation(Setting.class), () -> component + " of a record of settings has no @Setting");
        var key = setting.name().isEmpty() ? kebab(component.getName()) : setting.name();
        component.getAccessor().setAccessible(true);
        return new Part(key, component.getGenericType(), setting, component.getAccessor());
    }

    private static String kebab(String camel) {
        return camel.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    static List<Part> partsOf(Class<?> type) {
        return PARTS.get(type);
    }

    /** The canonical one of a record, which takes its parts in their order. */
    static Constructor<?> constructorOf(Class<?> type) {
        return CONSTRUCTORS.get(type);
    }

    static List<String> keysOf(Class<?> type) {
        return partsOf(type).stream().map(Part::key).toList();
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
        for (Part part : partsOf(type)) {
            var at = path.isEmpty() ? part.key() : path + "." + part.key();
            found.add(new Declared(at, part.type(), part.setting()));
            descend(part.type(), at, found);
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

    /** The paths of the settings in which two trees of one type differ; of a map's entries only the names. */
    static List<String> differences(Object before, Object after, String path) {
        if (before.equals(after)) {
            return List.of();
        }
        var found = new ArrayList<String>();
        if (before instanceof Map<?, ?> one && after instanceof Map<?, ?> other) {
            var names = new LinkedHashSet<Object>(one.keySet());
            names.addAll(other.keySet());
            names.stream()
                    .filter(name -> !Objects.equals(one.get(name), other.get(name)))
                    .forEach(name -> found.add(Paths.child(path, name.toString())));
        } else if (before instanceof Record && Scalars.of(before.getClass()).isEmpty()) {
            for (Part part : partsOf(before.getClass())) {
                found.addAll(differences(part.of(before), part.of(after), Paths.child(path, part.key())));
            }
        } else {
            found.add(path);
        }
        return found;
    }
}
