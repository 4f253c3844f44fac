package io.mixgateway.relay.route;

import io.mixgateway.relay.catalog.Endpoint;
import java.util.List;

/**
 * Where one call goes.
 *
 * @param endpoints to try in this order; never empty, each with a price
 * @param leftOut the others that serve the model, with the reason
 */
public record Plan(List<Endpoint> endpoints, List<LeftOut> leftOut) {
    /** An endpoint that was not chosen. {@code why} is a stable word such as {@code price_missing}. */
    public record LeftOut(Endpoint endpoint, String why) {}

    public Plan {
        endpoints = List.copyOf(endpoints);
        leftOut = List.copyOf(leftOut);
        if (endpoints.isEmpty()) {
            throw new IllegalArgumentException("endpoints: none (expected: at least one)");
        }
    }
}
