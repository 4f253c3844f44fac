/// The program: what is wired to what, and the commands. Start at {@link io.mixgateway.app.Gateway}, which builds
/// every object by hand, top to bottom; {@link io.mixgateway.app.Main} is the command line in front of it.
///
/// Always: only this module knows all the others; whatever is opened is closed in the opposite order. Not here: what
/// the configuration means ({@code config}), how the log looks ({@code logging}), the single commands ({@code
/// command}).
@org.jspecify.annotations.NullMarked
package io.mixgateway.app;
