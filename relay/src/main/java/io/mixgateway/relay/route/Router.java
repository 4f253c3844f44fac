package io.mixgateway.relay.route;

import io.mixgateway.relay.call.CallRefused;
import io.mixgateway.relay.call.Refusal;
import io.mixgateway.relay.catalog.Catalog;
import io.mixgateway.relay.catalog.Endpoint;
import io.mixgateway.relay.meter.ServiceTier;
import java.util.ArrayList;
import java.util.List;

/** Plans a call's way. Stateless. */
public final class Router {
    /** The first endpoint and one more: a call is tried again once, and only when the first provably did not accept it. */
    private static final int MOST_ATTEMPTS = 2;

    private Router() {}

    /**
     * The way for a call to {@code model} in {@code tier}.
     *
     * @throws CallRefused {@code model_not_found} naming the closest matches; {@code price_missing} when nobody has
     *     priced any endpoint of it, because an unknown price is never zero
     */
    public static Plan plan(String model, ServiceTier tier, Catalog catalog) {
        var serving = catalog.resolve(model).orElseThrow(() -> notFound(model, catalog));
        if (serving.size() == 1 && isPriced(serving.getFirst(), tier)) {
            return new Plan(serving, List.of());
        }
        var chosen = new ArrayList<Endpoint>(MOST_ATTEMPTS);
        var leftOut = new ArrayList<Plan.LeftOut>();
        for (Endpoint endpoint : serving) {
            if (!isPriced(endpoint, tier)) {
                leftOut.add(new Plan.LeftOut(endpoint, "price_missing"));
            } else if (chosen.size() == MOST_ATTEMPTS) {
                leftOut.add(new Plan.LeftOut(endpoint, "enough_others"));
            } else {
                chosen.add(endpoint);
            }
        }
        if (chosen.isEmpty()) {
            throw new CallRefused(
                    Refusal.PRICE_MISSING,
                    "The model '" + model + "' has no price yet"
                            + (tier == ServiceTier.STANDARD ? "" : " in the service tier '" + tier.code() + "'")
                            + ", so it cannot be billed. Ask the operator to give "
                            + serving.getFirst().name() + " a price (or to say free: true), or choose another model.",
                    "model");
        }
        return new Plan(chosen, leftOut);
    }

    private static boolean isPriced(Endpoint endpoint, ServiceTier tier) {
        return endpoint.price().isPresent()
                && (tier == ServiceTier.STANDARD
                        || endpoint.price().get().free()
                        || endpoint.price().get().tier(tier).isPresent());
    }

    /** What is said of a name that {@code catalog} does not know. */
    public static CallRefused notFound(String model, Catalog catalog) {
        var closest = catalog.closest(model, 3);
        var hint = closest.isEmpty() ? "" : "Closest: " + String.join(", ", closest) + ". ";
        return new CallRefused(
                Refusal.MODEL_NOT_FOUND,
                "The model '" + model + "' does not exist here. " + hint + "GET /v1/models lists all.",
                "model");
    }
}
