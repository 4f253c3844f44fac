/// Gemini's own wire format. Start at {@link io.mixgateway.relay.dialect.gemini.GeminiUsage}, which is all of it so
/// far: what its
/// answers say that a call used.
///
/// Always: pure functions of bytes, without I/O. Not here: other dialects, and what usage costs ({@code money}).
@org.jspecify.annotations.NullMarked
package io.mixgateway.relay.dialect.gemini;
