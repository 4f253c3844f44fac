/// One look at a request's bytes, without turning them into objects. Start at {@link
/// io.mixgateway.relay.view.RequestView}.
///
/// Always: the body is parsed once, is known to be one JSON object without duplicate keys, and stays as it came;
/// what must change for the upstream is spliced by position ({@link io.mixgateway.relay.view.Splice}), so every
/// other byte is the client's own. Not here: what the facts mean for money or routing.
@org.jspecify.annotations.NullMarked
package io.mixgateway.relay.view;
