/// What the relay needs from the rest of the program, as small interfaces. Start at {@link
/// io.mixgateway.relay.port.Credit}.
///
/// Always: no method here blocks; what may take time answers with a {@code CompletionStage}, which may complete
/// on any thread. Not here: any implementation (the platform has them; tests have fakes).
@org.jspecify.annotations.NullMarked
package io.mixgateway.relay.port;
