/// What an {@code Idempotency-Key} promises: the same call is made and charged once. Start at {@link
/// io.mixgateway.platform.idempotency.IdempotencyKeys}; docs/idempotency.md tells the protocol.
///
/// Always: a key's row is there before its call is made, on whatever node; what became of the call is read from its
/// generation, never noted twice; of keys and bodies only keyed digests are kept, and those for a bounded time. Not
/// here:
/// idempotency of grants and other movements ({@link io.mixgateway.platform.ledger}), and what the client is told
/// ({@code
/// relay.http}).
@NullMarked
package io.mixgateway.platform.idempotency;

import org.jspecify.annotations.NullMarked;
