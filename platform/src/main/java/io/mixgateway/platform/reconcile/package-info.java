/// What providers bill beside what we counted, by day and model. Start at {@link
/// io.mixgateway.platform.reconcile.Reconciliation}.
///
/// Always: an invoice changes no figure of ours; a difference is shown, never smoothed. Not here: whether our own books
/// agree
/// with themselves ({@link io.mixgateway.platform.ledger}).
@NullMarked
package io.mixgateway.platform.reconcile;

import org.jspecify.annotations.NullMarked;
