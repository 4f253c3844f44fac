/// How the program's log is written. Start at {@link io.mixgateway.app.logging.LogSetup}.
///
/// Always: the log goes to standard error; it is readable lines on a terminal and one JSON object a line elsewhere;
/// what looks like a credential is masked on its last way out, as a second line of defence behind types that print
/// masked. Not here: what is logged (each package logs through SLF4J, never request content).
@org.jspecify.annotations.NullMarked
package io.mixgateway.app.logging;
