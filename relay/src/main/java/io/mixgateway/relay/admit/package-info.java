/// What a call may cost at most, before it goes out. Start at {@link io.mixgateway.relay.admit.HoldSize}.
///
/// Always: the hold is computed by the same pricing function as the charge. Not here: taking the hold (the port
/// {@code Credit}), reading the key.
@org.jspecify.annotations.NullMarked
package io.mixgateway.relay.admit;
