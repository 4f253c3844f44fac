/// The words every part of a call shares: who calls, what became of it, what is refused and why.
///
/// Start at {@link io.mixgateway.relay.call.Generation}, the record of one finished call.
/// All types are immutable. No I/O, no HTTP library, no money arithmetic ({@code money}) here.
@org.jspecify.annotations.NullMarked
package io.mixgateway.relay.call;
