/// Follows the configuration file while the gateway runs. Start at {@link io.mixgateway.app.reload.ConfigWatch}.
///
/// Always: what is in force was checked whole and is swapped whole; a file with a problem changes nothing and is
/// reported once; a call keeps the catalog and limits that it began with. Not here: what a configuration means
/// ({@code config}, {@code catalog}), and settings that need a restart, which are named and left alone.
@org.jspecify.annotations.NullMarked
package io.mixgateway.app.reload;
