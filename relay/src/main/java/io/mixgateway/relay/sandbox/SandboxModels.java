package io.mixgateway.relay.sandbox;

import io.mixgateway.relay.money.Nanos;
import io.mixgateway.relay.sandbox.SandboxModel.ParameterRange;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The one table of what the sandbox serves: models, faults by name, prices. {@code docs/sandbox.md} tells the same. */
public final class SandboxModels {
    private static final long CONTEXT_TOKENS = 128_000;
    private static final long MAX_OUTPUT_TOKENS = 16_384;
    private static final Nanos INPUT = Nanos.parse("0.10");
    private static final Nanos CACHED_INPUT = Nanos.parse("0.025");
    private static final Nanos OUTPUT = Nanos.parse("0.40");

    private static final List<SandboxModel> ALL = List.of(
            model("echo", Behaviour.ANSWERS, "Says back the last user message; calls tools; fills JSON schemas."),
            free("free", "As echo, and charges nothing."),
            embedding("embed", "Deterministic unit vectors: 256 dimensions unless asked for others."),
            model("reasoning", Behaviour.REASONS, "As echo, with hidden reasoning tokens in its usage."),
            model("cached", Behaviour.CACHES, "As echo; half of the prompt is reported as read from a cache."),
            model(
                    "long",
                    Behaviour.TALKS_LONG,
                    1000,
                    range(1, MAX_OUTPUT_TOKENS, "tokens"),
                    "Talks for so many tokens."),
            model(
                    "slow",
                    Behaviour.TRICKLES,
                    50,
                    range(0, 60_000, "milliseconds"),
                    "As echo, so long before each token."),
            model(
                    "slow-first-token",
                    Behaviour.STARTS_LATE,
                    3000,
                    range(0, 600_000, "milliseconds"),
                    "As echo, so long before the first token."),
            model("no-usage", Behaviour.HIDES_USAGE, "As echo, and never reports usage, asked or not."),
            model("running-usage", Behaviour.RUNS_USAGE, "As echo, with a growing usage object on every chunk."),
            refusing("error-429", 429, "Answers 429 with `Retry-After: 1`."),
            refusing("error-500", 500, "Answers 500."),
            refusing("error-503", 503, "Answers 503."),
            model("stall", Behaviour.STALLS, "Sends headers, then nothing, and never ends."),
            model("stall-before-headers", Behaviour.STALLS_BEFORE_HEADERS, "Sends nothing, not even headers."),
            model(
                    "cut",
                    Behaviour.CUTS,
                    400,
                    range(0, 1_000_000, "bytes"),
                    "As echo; the connection breaks after so many bytes of the body."),
            model("error-in-stream", Behaviour.FAILS_IN_STREAM, "Answers 200 and three chunks, then an error frame."),
            model("error-in-200", Behaviour.FAILS_IN_200, "Answers 200 with an error as its JSON body."),
            model("empty", Behaviour.STAYS_EMPTY, "Answers 200 and not one byte."));

    private static final Map<String, SandboxModel> BY_ID = byId();

    private SandboxModels() {}

    /** Every model and fault, each family once, with its default parameter. */
    public static List<SandboxModel> all() {
        return ALL;
    }

    /**
     * The model of that id: one of {@link #all()}, or the name of a family that takes a parameter with a hyphen and
     * the parameter after it, such as {@code slow-20}. Empty when there is none, or the parameter is out of range.
     */
    public static Optional<SandboxModel> find(String id) {
        var listed = BY_ID.get(id);
        if (listed != null) {
            return Optional.of(listed);
        }
        int hyphen = id.lastIndexOf('-');
        var family = hyphen < 0 ? null : BY_ID.get(id.substring(0, hyphen));
        var digits = id.substring(hyphen + 1);
        if (family == null || !digits.matches("\\d{1,9}")) {
            return Optional.empty();
        }
        long parameter = Long.parseLong(digits);
        return family.range().filter(range -> range.holds(parameter)).map(_ -> family.with(id, parameter));
    }

    private static Map<String, SandboxModel> byId() {
        var map = new LinkedHashMap<String, SandboxModel>();
        ALL.forEach(model -> map.put(model.id(), model));
        return Map.copyOf(map);
    }

    private static Optional<ParameterRange> range(long least, long most, String unit) {
        return Optional.of(new ParameterRange(least, most, unit));
    }

    private static SandboxModel model(String id, Behaviour behaviour, String description) {
        return model(id, behaviour, 0, Optional.empty(), description);
    }

    private static SandboxModel refusing(String id, int status, String description) {
        return model(id, Behaviour.REFUSES, status, Optional.empty(), description);
    }

    private static SandboxModel model(
            String id, Behaviour behaviour, long parameter, Optional<ParameterRange> range, String description) {
        return new SandboxModel(
                id,
                id,
                description,
                behaviour,
                parameter,
                range,
                INPUT,
                CACHED_INPUT,
                OUTPUT,
                false,
                CONTEXT_TOKENS,
                MAX_OUTPUT_TOKENS);
    }

    private static SandboxModel free(String id, String description) {
        return new SandboxModel(
                id,
                id,
                description,
                Behaviour.ANSWERS,
                0,
                Optional.empty(),
                Nanos.ZERO,
                Nanos.ZERO,
                Nanos.ZERO,
                true,
                CONTEXT_TOKENS,
                MAX_OUTPUT_TOKENS);
    }

    private static SandboxModel embedding(String id, String description) {
        return new SandboxModel(
                id,
                id,
                description,
                Behaviour.EMBEDS,
                0,
                Optional.empty(),
                Nanos.parse("0.02"),
                Nanos.parse("0.02"),
                Nanos.ZERO,
                false,
                8192,
                0);
    }
}
