/// The price book: what each model of each provider costs since when. Start at {@link
/// io.mixgateway.platform.pricing.PriceBook}.
///
/// Always: a version once recorded never changes, so that a charge can be recomputed for ever; no rate is negative, and
/// nothing is free by accident. Not here: the arithmetic of a charge ({@link io.mixgateway.relay.money.Price}).
@NullMarked
package io.mixgateway.platform.pricing;

import org.jspecify.annotations.NullMarked;
