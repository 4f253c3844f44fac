/// Keys to the inference API. Start at {@link io.mixgateway.platform.keys.ApiKeys}; {@link
/// io.mixgateway.platform.keys.CachedCallers} answers the relay.
///
/// Always: a secret is shown once and kept nowhere, only a keyed digest of it is; text that cannot be a key of ours
/// never
/// reaches the database; a revoked key stops working on every node within a second and nothing brings it back.
///
/// Not here: how much a key has spent of its caps (`credit`), what it may call.
@NullMarked
package io.mixgateway.platform.keys;

import org.jspecify.annotations.NullMarked;
