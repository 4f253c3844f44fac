package io.mixgateway.web.site;

import io.mixgateway.relay.catalog.Endpoint;
import io.mixgateway.relay.sandbox.SandboxModels;

/** The models of the sandbox that fail on purpose: pages show them apart from those that answer. */
public final class SandboxFaults {
    private SandboxFaults() {}

    public static boolean isFault(Endpoint endpoint) {
        return endpoint.provider().dialect().equals("sandbox")
                && SandboxModels.find(endpoint.model())
                        .filter(model -> model.behaviour().isFault())
                        .isPresent();
    }
}
