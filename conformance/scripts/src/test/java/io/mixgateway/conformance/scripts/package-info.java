/// SDKs of other languages: installs their locked packages under {@code target/}, then runs the tests and examples that
/// are written in those languages. Start at {@link io.mixgateway.conformance.scripts.Runtimes}.
///
/// Always: what is missing on this machine is skipped with the reason printed; where {@code CI} is set it is a failure.
@org.jspecify.annotations.NullMarked
package io.mixgateway.conformance.scripts;
