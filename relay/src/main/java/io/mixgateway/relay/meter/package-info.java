/// What a generation used. Start at {@link io.mixgateway.relay.meter.Usage}.
///
/// Always: the classes are disjoint and their sum is compared with the provider's own total; a sum that does
/// not fit is flagged, never clamped. Not here: how a dialect reports usage ({@code dialect}), what it costs ({@code
/// money}).
@org.jspecify.annotations.NullMarked
package io.mixgateway.relay.meter;
