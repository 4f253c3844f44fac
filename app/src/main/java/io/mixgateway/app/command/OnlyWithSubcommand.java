package io.mixgateway.app.command;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A word that says nothing without the one after it: wrong usage alone. */
@Command
abstract class OnlyWithSubcommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public final void run() {
        var own = java.util.Objects.requireNonNull(spec);
        throw new ParameterException(
                own.commandLine(),
                "Say which: " + String.join(", ", own.subcommands().keySet()) + ".");
    }
}
