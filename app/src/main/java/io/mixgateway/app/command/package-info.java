/// What can be typed after {@code ./mixgateway}. Start at {@link io.mixgateway.app.command.MixGateway}, the table of
/// commands.
///
/// Always: exit 0 is done, 1 refused or failed, 2 wrong usage; with {@code --json} standard output is one JSON
/// document and nothing else; a fault that was to be expected is one sentence, never a stack trace; every command works
/// beside a running server and without one. Not here: what the commands do (the platform's services do it).
@org.jspecify.annotations.NullMarked
package io.mixgateway.app.command;
