/// The way to providers. Start at {@link io.mixgateway.relay.upstream.Upstream}.
///
/// Always: everything about one call happens on that call's event loop; the credential is added here and nowhere
/// else, and never appears in a failure's text. Not here: which endpoint to try ({@code route}), what an answer means
/// ({@code dialect}).
@org.jspecify.annotations.NullMarked
package io.mixgateway.relay.upstream;
