package io.mixgateway.conformance.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import io.mixgateway.conformance.ConformanceGateway;
import io.mixgateway.conformance.OutsideProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;

/** Finds runtimes, installs packages and runs programs. */
final class Runtimes {
    private static final Duration INSTALLS_WITHIN = Duration.ofMinutes(5);
    private static final Duration RUNS_WITHIN = Duration.ofMinutes(4);
    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)");

    private Runtimes() {}

    /** Skips the test, with a reason, unless {@code program --version} tells of that version or a later one. */
    static void need(String program, int major, int minor) {
        var told =
                OutsideProgram.run(Path.of("target"), Map.of(), Duration.ofSeconds(30), List.of(program, "--version"));
        var version = VERSION.matcher(told.output());
        boolean enough = told.exit() == 0
                && version.find()
                && (Integer.parseInt(version.group(1)) > major
                        || (Integer.parseInt(version.group(1)) == major
                                && Integer.parseInt(version.group(2)) >= minor));
        if (!enough) {
            skip(program + " " + major + "." + minor + " or newer is not here: "
                    + told.output().strip());
        }
    }

    /**
     * Installs once for each state of the lock file; a folder that holds what the lock says is used again. Skips the
     * test when the packages cannot be had.
     */
    static void install(Path folder, Path lock, List<List<String>> commands) throws IOException {
        var marker = folder.resolve("installed");
        var wanted = Files.readString(lock);
        if (Files.exists(marker) && Files.readString(marker).equals(wanted)) {
            return;
        }
        for (var command : commands) {
            var ended = OutsideProgram.run(folder, Map.of(), INSTALLS_WITHIN, command);
            if (ended.exit() != 0) {
                skip("packages cannot be installed: " + ended.output().strip());
            }
        }
        Files.writeString(marker, wanted);
    }

    static void copy(Path from, Path toFolder) throws IOException {
        Files.createDirectories(toFolder);
        Files.copy(from, toFolder.resolve(from.getFileName()), StandardCopyOption.REPLACE_EXISTING);
    }

    /** Runs a program against the gateway; fails with all that it wrote unless it ends well. Gives what it wrote. */
    static String passes(Path folder, String... command) {
        var ended =
                OutsideProgram.run(folder, ConformanceGateway.shared().environment(), RUNS_WITHIN, List.of(command));
        assertThat(ended.exit())
                .as("%s\n%s", String.join(" ", command), ended.output())
                .isZero();
        return ended.output();
    }

    private static void skip(String reason) {
        if (System.getenv("CI") != null) {
            throw new AssertionError("CI must have everything: " + reason);
        }
        System.out.println("SKIPPED: " + reason);
        Assumptions.abort(reason);
    }
}
