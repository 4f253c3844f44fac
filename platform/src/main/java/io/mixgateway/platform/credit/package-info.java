/// Who may spend how much just now, without asking the database for each call: leases, holds and what becomes of them.
/// Start at {@link io.mixgateway.platform.credit.LeasedCredit}; the protocol is docs/money.md.
/// A {@code Wallet} decides in memory, {@code Stores} are the database, {@code Asking} and {@code Keeper} go between
/// them.
///
/// Always: a hold is exact within what this node has leased, and all nodes together never lease more of a budget than
/// there is; a finished call is in the journal before its answer ends, and is charged once, however often it is
/// booked; a cost above its hold is booked as it is. Whoever changes a lease holds its budget's row.
///
/// Not here: what a call costs ({@code pricing}), the books ({@link io.mixgateway.platform.ledger}), the journal's form
/// ({@link io.mixgateway.platform.journal}).
@org.jspecify.annotations.NullMarked
package io.mixgateway.platform.credit;
