package io.mixgateway.app.config;

import io.mixgateway.relay.catalog.Levenshtein;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** "Did you mean": the right name that looks most like a wrong one. */
public final class NearestName {
    private static final int MOST_LISTED = 12;

    private NearestName() {}

    /** The known name within a third of the letters of {@code wrong}, if there is one. */
    public static Optional<String> to(String wrong, Collection<String> known) {
        var lower = wrong.toLowerCase(Locale.ROOT);
        int reach = Math.max(2, Math.min(wrong.length(), 100) / 3);
        record Near(String name, int distance) {}
        return known.stream()
                .map(name -> new Near(name, Levenshtein.distance(lower, name.toLowerCase(Locale.ROOT))))
                .filter(near -> near.distance() <= reach)
                .min(Comparator.comparingInt(Near::distance).thenComparing(Near::name))
                .map(Near::name);
    }

    /** For the end of a message: {@code (did you mean x?)}, else what there is, else nothing. */
    public static String hint(String wrong, Collection<String> known) {
        var near = to(wrong, known);
        if (near.isPresent()) {
            return " (did you mean " + near.get() + "?)";
        }
        return known.isEmpty() || known.size() > MOST_LISTED
                ? ""
                : " (expected: " + known.stream().collect(Collectors.joining(", ")) + ")";
    }
}
