package io.mixgateway.app.command;

import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. The number is written into the jar by the build. */
final class Version implements IVersionProvider {
    /** The program's version, or {@code development} outside a jar. */
    static String number() {
        var version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    @Override
    public String[] getVersion() {
        return new String[] {"MixGateway " + number()};
    }
}
