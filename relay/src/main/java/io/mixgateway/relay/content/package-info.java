/// The words of requests: what is carried and never kept. Start at {@link io.mixgateway.relay.content.RequestContent}.
///
/// Always: request content is in memory, in the call that carries it, in this type; only the packages that read or send
/// it know the type, and nothing that the relay hands to the platform can hold it (a test of `app` walks those types).
/// docs/decisions/0007 says why buffers stay buffers. Not here: reading it ({@code view}), sending it ({@code
/// upstream}).
@org.jspecify.annotations.NullMarked
package io.mixgateway.relay.content;
