/// Amounts and prices, exact. Start at {@link io.mixgateway.relay.money.Price}.
///
/// Always: money is a {@code long} of nanos (1 USD = 1 000 000 000), arithmetic refuses to overflow, and a
/// generation's cost is rounded once. Not here: balances, holds and the ledger, which the platform keeps.
@org.jspecify.annotations.NullMarked
package io.mixgateway.relay.money;
