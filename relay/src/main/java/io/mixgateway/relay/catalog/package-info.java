/// What can be called: providers, endpoints, prices, model names. Start at {@link io.mixgateway.relay.catalog.Catalog}.
///
/// Always: a catalog is an immutable snapshot, swapped whole, so one call sees one catalog. A name is resolved
/// once, to an endpoint that limits, price and log all use. Not here: which of several endpoints is best
/// just now ({@code route}), where the snapshot comes from (the platform and the configuration).
@org.jspecify.annotations.NullMarked
package io.mixgateway.relay.catalog;
