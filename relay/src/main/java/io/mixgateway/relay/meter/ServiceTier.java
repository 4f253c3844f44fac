package io.mixgateway.relay.meter;

import java.util.Locale;
import java.util.Optional;

/** How urgently a provider serves a call, where that has a price of its own. */
public enum ServiceTier {
    STANDARD,
    /** Slower and cheaper. */
    FLEX,
    /** Faster and dearer. */
    PRIORITY,
    /** Whenever there is room, within a day. */
    BATCH;

    private final String code = name().toLowerCase(Locale.ROOT);

    /** The name in requests, answers and price lists. */
    public String code() {
        return code;
    }

    /**
     * What a provider's or client's word means: {@code default}, {@code auto}, {@code scale} and {@code on_demand} are the
     * standard tier; empty for a word that nobody has a price for.
     */
    public static Optional<ServiceTier> of(String word) {
        return switch (word) {
            case "standard", "default", "auto", "scale", "on_demand", "standard_only" -> Optional.of(STANDARD);
            case "flex" -> Optional.of(FLEX);
            case "priority" -> Optional.of(PRIORITY);
            case "batch" -> Optional.of(BATCH);
            default -> Optional.empty();
        };
    }
}
