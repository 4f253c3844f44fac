/// The books: who has how much credit, and every movement of it. Start at {@link io.mixgateway.platform.ledger.Ledger}.
///
/// Always: the postings of an {@link io.mixgateway.platform.ledger.Entry} sum to zero; transfers are never changed, a
/// mistake is corrected by another; each has an idempotency key and is booked once; balances move in the same
/// transaction and equal the replay of all postings, which {@link io.mixgateway.platform.ledger.LedgerVerification}
/// proves while the server runs.
///
/// Not here: what may still be spent while calls are open ({@link io.mixgateway.platform.credit}), what a call costs
/// ({@code pricing}).
@org.jspecify.annotations.NullMarked
package io.mixgateway.platform.ledger;
