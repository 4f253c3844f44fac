/// What can be called, made from the configuration, the presets and what is found on this machine. Start at {@link
/// io.mixgateway.app.catalog.Configuration}; the data is {@code presets.yaml} and {@code list-prices} beside this
/// package's classes.
///
/// Always: a model without a price stays without one (calls to it are refused), free is only what somebody said is
/// free, and a key from the environment goes to the preset's own address and nowhere else. Not here: how the file is
/// read ({@code config}), when ({@code reload}), and the record of prices that were once in force (the platform).
@org.jspecify.annotations.NullMarked
package io.mixgateway.app.catalog;
