package io.mixgateway.platform.keys;

import io.mixgateway.relay.catalog.Secret;

/** A key just made, with the secret that is shown this once. */
public record NewKey(ApiKey key, Secret secret) {}
