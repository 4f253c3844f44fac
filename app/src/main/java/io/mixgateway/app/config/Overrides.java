package io.mixgateway.app.config;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Environment variables that stand above the file: {@code MIXGATEWAY_} and the setting's path in capitals, dots and
 * hyphens as underscores, so {@code MIXGATEWAY_LIMITS_FIRST_BYTE} is {@code limits.first-byte}.
 */
final class Overrides {
    static final String PREFIX = "MIXGATEWAY_";

    /** Read by the launcher, at the start, as defaults of command-line options, or by clients of the gateway. */
    private static final Set<String> NOT_SETTINGS = Set.of(
            "MIXGATEWAY_ADMIN_EMAIL",
            "MIXGATEWAY_AOT",
            "MIXGATEWAY_API_KEY",
            "MIXGATEWAY_BUILD",
            "MIXGATEWAY_CONFIG",
            "MIXGATEWAY_DATA",
            "MIXGATEWAY_DATABASE_URL",
            "MIXGATEWAY_JAVA_OPTS",
            "MIXGATEWAY_LOG_LEVEL",
            "MIXGATEWAY_MASTER_KEY");

    private final Map<String, String> values = new HashMap<>();

    /** Those of {@code environment} that name a setting of {@code root}; warns of those that look as if they meant to. */
    Overrides(Class<?> root, Map<String, String> environment, Problems problems) {
        var paths = new HashMap<String, String>();
        for (var declared : SettingTree.declared(root)) {
            if (SettingTree.isScalar(declared)) {
                paths.put(variable(declared.path()), declared.path());
            }
        }
        for (var name : new TreeSet<>(environment.keySet())) {
            var path = paths.get(name);
            if (path != null) {
                values.put(path, environment.getOrDefault(name, ""));
            } else if (name.startsWith(PREFIX) && !NOT_SETTINGS.contains(name)) {
                problems.warning(
                        name,
                        "names no setting, ignored"
                                + NearestName.to(name, paths.keySet())
                                        .map(near -> " (did you mean " + near + "?)")
                                        .orElse(""));
            }
        }
    }

    static String variable(String path) {
        return PREFIX + path.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    Optional<String> at(String path) {
        return Optional.ofNullable(values.get(path));
    }

    boolean anyBelow(String path) {
        return values.keySet().stream().anyMatch(name -> name.startsWith(path + "."));
    }
}
