/// The configuration file and its rules. Start at {@link io.mixgateway.app.config.Settings}: the record tree is the
/// schema, and each component's {@link io.mixgateway.app.config.Setting} says what it is and what it is by default.
///
/// Always: a file is read whole or not at all, every problem is reported at once with its path and line, nothing
/// unknown is passed over, prices are exact, and no message shows the value of a secret or of an environment variable.
/// Not here: what the providers are made into ({@code catalog}), and when the file is read again ({@code reload}).
@org.jspecify.annotations.NullMarked
package io.mixgateway.app.config;
