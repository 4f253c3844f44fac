package io.mixgateway.platform.privacy;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** How long each rule keeps data here: the defaults, and what the operator has said above them. */
public final class RetentionTimes {
    /** What counts when nothing is said. */
    public static final RetentionTimes DEFAULTS = new RetentionTimes(Map.of());

    private final Map<Retention, Duration> times = new EnumMap<>(Retention.class);

    /**
     * @param said above the defaults
     * @throws IllegalArgumentException for a rule that no clock ends, or a time outside of its bounds
     */
    public RetentionTimes(Map<Retention, Duration> said) {
        for (Retention rule : Retention.values()) {
            rule.byDefault().ifPresent(time -> times.put(rule, time));
        }
        said.forEach((rule, time) -> {
            rule.check(time);
            times.put(rule, time);
        });
    }

    /** How long this rule keeps. Of rules that a clock ends only. */
    public Duration of(Retention rule) {
        return Objects.requireNonNull(times.get(rule), rule.id());
    }

    /** Every rule that a clock ends. */
    public Map<Retention, Duration> all() {
        return Map.copyOf(times);
    }
}
