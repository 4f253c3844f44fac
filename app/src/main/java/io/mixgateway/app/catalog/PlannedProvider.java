package io.mixgateway.app.catalog;

import static java.util.Objects.requireNonNull;

import io.mixgateway.app.config.ModelSettings;
import io.mixgateway.relay.catalog.Provider;
import java.util.List;
import java.util.Optional;

/** A provider with its models, before their prices have versions. */
public record PlannedProvider(Provider provider, Origin origin, List<ModelSettings> models) {
    public PlannedProvider {
        requireNonNull(provider, "provider");
        requireNonNull(origin, "origin");
        models = List.copyOf(models);
    }

    Optional<ModelSettings> model(String id) {
        return models.stream().filter(model -> model.id().equals(id)).findFirst();
    }

    /** Who said that it is there. */
    public enum Origin {
        /** The configuration file. */
        FILE,
        /** A key in the environment. */
        ENVIRONMENT,
        /** A server that answered on this machine. */
        FOUND,
        /** The program itself. */
        BUILT_IN
    }
}
