/// The inference surfaces over HTTP. Start at {@link io.mixgateway.relay.http.GatewayServer}; one call's story is
/// {@link io.mixgateway.relay.http.InferenceCall} (read, admit, hold), then {@link io.mixgateway.relay.http.Dispatch}
/// (attempt, stream back, settle).
///
/// Always: a call stays on the event loop that accepted its connection; every hold that is taken is settled or
/// released,
/// exactly once, whatever happens; every refusal is written in one place. Not here: pages and the management API, which
/// get every path that is not an inference surface.
@org.jspecify.annotations.NullMarked
package io.mixgateway.relay.http;
