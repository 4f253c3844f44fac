/// The data plane: takes a call, decides, forwards it, streams the answer back and meters it.
///
/// Start at `http.GatewayServer`, then follow one call through
/// `http.InferenceCall`. Everything here runs on event loops and never blocks;
/// what it needs from the rest of the program it names in {@link io.mixgateway.relay.port}.
/// It knows no SQL, no HTML and no sign-in.
@org.jspecify.annotations.NullMarked
package io.mixgateway.relay;
