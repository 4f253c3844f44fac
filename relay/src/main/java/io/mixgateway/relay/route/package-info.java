/// Which endpoints a call may use, in which order, and why each other one was left out.
/// Start at {@link io.mixgateway.relay.route.Router}.
///
/// Always: planning is a pure function of the name asked for and one catalog snapshot. Not here: doing it
/// ({@code http.Dispatch}), sockets, money.
@org.jspecify.annotations.NullMarked
package io.mixgateway.relay.route;
