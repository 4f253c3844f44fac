package io.mixgateway.app.command;

import io.mixgateway.app.GatewayOptions;
import io.mixgateway.app.logging.LogSetup;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that runs, answers and is over. */
@Command(mixinStandardHelpOptions = true)
abstract class OnData implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    /** Does it. @return the exit status */
    abstract int run(GatewayOptions options, Output output) throws Exception;

    @Override
    public final Integer call() throws Exception {
        LogSetup.onlyFaults();
        var root = root();
        return run(root.options(), root.output());
    }

    private MixGateway root() {
        return (MixGateway) java.util.Objects.requireNonNull(spec).root().userObject();
    }
}
