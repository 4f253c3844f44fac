package io.mixgateway.relay.sandbox;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Numbers within the bounds of a schema. */
final class NumberSample {
    /** Beyond this many digits before or after the point a number is not worked with: sums of such would be huge. */
    private static final int MOST_DIGITS = 400;

    private static final int SCALE_OF_PARTS = 6;
    private static final BigDecimal TWO = BigDecimal.valueOf(2);
    private static final BigDecimal QUARTER = new BigDecimal("0.25");

    private final Json.Obj schema;
    private final boolean whole;
    private final @Nullable BigDecimal least;
    private final @Nullable BigDecimal most;

    private NumberSample(Json.Obj schema, boolean whole) {
        this.schema = schema;
        this.whole = whole;
        this.least = bound("minimum", "exclusiveMinimum", true);
        this.most = bound("maximum", "exclusiveMaximum", false);
    }

    /** Candidates, likeliest first; {@code salt} makes others. Each must still be checked. */
    static Stream<Json> candidates(Json.Obj schema, boolean whole, int salt) {
        for (String word : List.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")) {
            if (SchemaWords.number(schema, word).filter(number -> !sane(number)).isPresent()) {
                return Stream.empty();
            }
        }
        return new NumberSample(schema, whole).candidates(salt);
    }

    private static boolean sane(BigDecimal number) {
        return Math.abs((long) number.scale()) <= MOST_DIGITS && number.precision() <= MOST_DIGITS;
    }

    private Stream<Json> candidates(int salt) {
        var values = new ArrayList<BigDecimal>();
        var step = step();
        var from = nearOne(step);
        if (least != null && most != null) {
            var lowest = least.divide(step, 0, RoundingMode.CEILING);
            var steps =
                    most.divide(step, 0, RoundingMode.FLOOR).subtract(lowest).add(BigDecimal.ONE);
            if (steps.signum() > 0) {
                var index = from.divide(step, 0, RoundingMode.FLOOR)
                        .subtract(lowest)
                        .add(BigDecimal.valueOf(salt));
                values.add(index.remainder(steps).abs().add(lowest).multiply(step));
                values.add(lowest.add(BigDecimal.ONE).multiply(step));
            }
            values.add(least.add(most).divide(TWO));
            var parts = BigDecimal.valueOf(salt + 2L);
            var room = most.subtract(least);
            values.add(room.divide(parts, room.scale() + SCALE_OF_PARTS, RoundingMode.HALF_EVEN)
                    .add(least));
        } else {
            var away = step.multiply(BigDecimal.valueOf(salt));
            values.add(most != null ? from.subtract(away) : from.add(away));
            values.add(most != null ? from.subtract(step) : from.add(step));
        }
        values.add(from.add(QUARTER));
        if (least != null) {
            values.add(least);
        }
        if (most != null) {
            values.add(most);
        }
        return values.stream()
                .filter(value -> !whole || value.stripTrailingZeros().scale() <= 0)
                .map(Json.Num::new);
    }

    /** The distance between neighbours worth trying. For whole numbers some multiple of {@code multipleOf} is whole. */
    private BigDecimal step() {
        var multiple = SchemaWords.number(schema, "multipleOf")
                .filter(number -> number.signum() > 0)
                .orElse(BigDecimal.ONE);
        if (!whole) {
            return multiple;
        }
        var step = multiple;
        for (int times = 1; times < 1000 && step.stripTrailingZeros().scale() > 0; times++) {
            step = multiple.multiply(BigDecimal.valueOf(times + 1L));
        }
        return step;
    }

    /** The multiple of {@code step} nearest to 1 within the bounds, when there is one. */
    private BigDecimal nearOne(BigDecimal step) {
        var value = BigDecimal.ONE.divide(step, 0, RoundingMode.CEILING).multiply(step);
        if (least != null && value.compareTo(least) < 0) {
            value = least.divide(step, 0, RoundingMode.CEILING).multiply(step);
        }
        if (most != null && value.compareTo(most) > 0) {
            value = most.divide(step, 0, RoundingMode.FLOOR).multiply(step);
        }
        return value;
    }

    /** The bound of either word; an excluded one is moved by one where only whole numbers count. */
    private @Nullable BigDecimal bound(String including, String excluding, boolean lower) {
        var included = SchemaWords.number(schema, including).orElse(null);
        var excluded = SchemaWords.number(schema, excluding).orElse(null);
        if (included != null && SchemaWords.flag(schema, excluding)) {
            excluded = included;
        }
        if (excluded != null && whole) {
            excluded = lower
                    ? excluded.setScale(0, RoundingMode.FLOOR).add(BigDecimal.ONE)
                    : excluded.setScale(0, RoundingMode.CEILING).subtract(BigDecimal.ONE);
        }
        if (included == null || excluded == null) {
            return included == null ? excluded : included;
        }
        return lower ? included.max(excluded) : included.min(excluded);
    }

    static boolean accepts(Json.Obj schema, BigDecimal value) {
        var least = SchemaWords.number(schema, "minimum").orElse(null);
        var most = SchemaWords.number(schema, "maximum").orElse(null);
        var above = SchemaWords.flag(schema, "exclusiveMinimum")
                ? least
                : SchemaWords.number(schema, "exclusiveMinimum").orElse(null);
        var below = SchemaWords.flag(schema, "exclusiveMaximum")
                ? most
                : SchemaWords.number(schema, "exclusiveMaximum").orElse(null);
        var multiple = SchemaWords.number(schema, "multipleOf").orElse(null);
        return (least == null || value.compareTo(least) >= 0)
                && (most == null || value.compareTo(most) <= 0)
                && (above == null || value.compareTo(above) > 0)
                && (below == null || value.compareTo(below) < 0)
                && (multiple == null || isMultiple(value, multiple));
    }

    private static boolean isMultiple(BigDecimal value, BigDecimal of) {
        return of.signum() > 0 && sane(value) && sane(of) && value.remainder(of).signum() == 0;
    }
}
