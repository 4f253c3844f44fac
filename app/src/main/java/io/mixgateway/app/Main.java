package io.mixgateway.app;

import io.mixgateway.app.command.MixGateway;

/** The program's entry. What it does is in {@link MixGateway}; what a running gateway consists of in {@link Gateway}. */
public final class Main {
    private Main() {}

    /** Runs one command and ends the program with its status: 0 done, 1 refused or failed, 2 wrong usage. */
    public static void main(String[] arguments) {
        int status = MixGateway.run(arguments, System.getenv(), System.out, System.err);
        System.exit(status);
    }
}
