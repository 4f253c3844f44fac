/// What an account sees of itself: overview, generations, receipts, keys, playground.
///
/// Start at {@link io.mixgateway.web.dashboard.Dashboard}. Always: everything is of the signed-in person's account, and
/// what
/// is another's is answered as if it were not there; sums come from the hourly rollups, lists are paged by key; changes
/// go
/// through the same services as the management API and the commands. Not here: sign-in and sessions ({@code session}).
@org.jspecify.annotations.NullMarked
package io.mixgateway.web.dashboard;
