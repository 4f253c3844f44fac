/// What was used, read back: single generations and what keys spent. Start at {@link
/// io.mixgateway.platform.usage.Generations}.
///
/// Always: an account sees its own only; lists are paged by key, never by offset; sums over time come from the hourly
/// sums. Not here: writing (the flush in {@link io.mixgateway.platform.credit}), balances ({@link
/// io.mixgateway.platform.ledger}).
@org.jspecify.annotations.NullMarked
package io.mixgateway.platform.usage;
