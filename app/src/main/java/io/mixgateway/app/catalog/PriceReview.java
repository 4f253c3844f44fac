package io.mixgateway.app.catalog;

import io.mixgateway.app.config.ModelSettings;
import io.mixgateway.app.config.Settings;
import io.mixgateway.relay.meter.ServiceTier;
import io.mixgateway.relay.meter.UsageClass;
import io.mixgateway.relay.money.Nanos;
import io.mixgateway.relay.money.Rates;
import io.mixgateway.relay.money.Tariff;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** What an import of prices would change, for a person to read before it does. */
public final class PriceReview {
    private PriceReview() {}

    /** What becomes of one endpoint of the file. */
    public enum State {
        /** It has no price yet. */
        NEW,
        CHANGED,
        SAME,
        /** The configuration says its price, which is the last word. */
        OVERRIDDEN,
        /** No provider that is set up lists it; the price is kept for when one does. */
        UNLISTED
    }

    /**
     * One endpoint of the file.
     *
     * @param changes in words, such as {@code input 0.40 → 0.50 (+25.0 %)}
     */
    public record Row(String endpoint, State state, List<String> changes) {}

    /**
     * Compares.
     *
     * @param plan the catalog as it is, or will be when the prices begin to hold
     */
    public static List<Row> of(Map<String, Map<ServiceTier, Tariff>> file, Settings settings, CatalogPlan plan) {
        var now = plan.listPrices();
        var listed = plan.models();
        var rows = new ArrayList<Row>();
        file.forEach((endpoint, tariffs) -> {
            var before = now.getOrDefault(endpoint, Map.of());
            var changes = changes(before, tariffs);
            rows.add(new Row(endpoint, state(endpoint, settings, listed, before, changes), changes));
        });
        return rows;
    }

    private static State state(
            String endpoint,
            Settings settings,
            Map<String, ModelSettings> listed,
            Map<ServiceTier, Tariff> before,
            List<String> changes) {
        if (isSaid(endpoint, settings)) {
            return State.OVERRIDDEN;
        }
        if (!listed.containsKey(endpoint)) {
            return State.UNLISTED;
        }
        if (before.isEmpty()) {
            return State.NEW;
        }
        return changes.isEmpty() ? State.SAME : State.CHANGED;
    }

    private static boolean isSaid(String endpoint, Settings settings) {
        int colon = endpoint.indexOf(':');
        var provider = settings.providers().get(endpoint.substring(0, colon));
        return provider != null
                && provider.models().stream()
                        .anyMatch(model -> model.id().equals(endpoint.substring(colon + 1))
                                && (model.free() || model.price().isPresent()));
    }

    private static List<String> changes(Map<ServiceTier, Tariff> before, Map<ServiceTier, Tariff> after) {
        var changes = new ArrayList<String>();
        for (ServiceTier tier : ServiceTier.values()) {
            var prefix = tier == ServiceTier.STANDARD ? "" : tier.code() + " ";
            var one = before.get(tier);
            var other = after.get(tier);
            if (one == null && other == null) {
                continue;
            }
            if (other == null) {
                changes.add(prefix + "no price any more");
            } else {
                compare(changes, prefix, one == null ? Tariff.FREE : one, other);
            }
        }
        return changes;
    }

    private static void compare(List<String> changes, String prefix, Tariff before, Tariff after) {
        compare(changes, prefix + "request", before.request(), after.request());
        compare(changes, prefix, before.base(), after.base());
        var lengths = new TreeSet<Long>();
        before.longPrompts().forEach(prompt -> lengths.add(prompt.above()));
        after.longPrompts().forEach(prompt -> lengths.add(prompt.above()));
        for (long above : lengths) {
            // Where one of them does not tell lengths apart here, the rates below go on.
            compare(changes, prefix + "above " + above + " ", ratesAt(before, above), ratesAt(after, above));
        }
    }

    private static Rates ratesAt(Tariff tariff, long above) {
        var rates = tariff.base();
        for (Tariff.LongPrompt prompt : tariff.longPrompts()) {
            rates = prompt.above() <= above ? prompt.rates() : rates;
        }
        return rates;
    }

    private static void compare(List<String> changes, String prefix, Rates before, Rates after) {
        UsageClass.ALL.forEach(what -> compare(changes, prefix + what.code(), before.of(what), after.of(what)));
    }

    private static void compare(List<String> changes, String what, long before, long after) {
        if (before != after) {
            changes.add(what + " " + new Nanos(before) + " → " + new Nanos(after) + share(before, after));
        }
    }

    private static String share(long before, long after) {
        if (before == 0) {
            return "";
        }
        var percent = BigDecimal.valueOf(after - before)
                .multiply(BigDecimal.valueOf(100))
                .divide(BigDecimal.valueOf(before), 1, RoundingMode.HALF_UP);
        return " (" + (percent.signum() > 0 ? "+" : "") + percent.toPlainString() + " %)";
    }
}
