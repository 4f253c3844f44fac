/// The ways out of the process, all of them. Start at {@link io.mixgateway.relay.outlet.Outlet}.
///
/// Always: whoever opens a connection to anywhere gets its client or socket from an {@link
/// io.mixgateway.relay.outlet.Outlet}, so the list of them is the list of what the program can talk to;
/// docs/outbound.md is made from it, and a test refuses clients and sockets made elsewhere. The database is the one
/// exception, since its driver makes its own: {@code platform.store} alone may use it. Not here: which host is called
/// (configuration), what is sent to it ({@code upstream}).
@org.jspecify.annotations.NullMarked
package io.mixgateway.relay.outlet;
