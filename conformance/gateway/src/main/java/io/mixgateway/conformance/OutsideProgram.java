package io.mixgateway.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program that is no part of this JVM, run to its end. */
public final class OutsideProgram {
    /**
     * How it ended.
     *
     * @param exit its exit code; -1 when it could not be started, -2 when it was ended for taking too long
     * @param output what it wrote, errors included
     */
    public record Ended(int exit, String output) {}

    private OutsideProgram() {}

    /** Runs {@code command} in {@code folder} with {@code environment} on top of our own. */
    public static Ended run(Path folder, Map<String, String> environment, Duration patience, List<String> command) {
        try {
            Files.createDirectories(folder);
            // To a file: a pipe that nobody reads would stop it, and one read here would outlast the patience.
            var output = Files.createTempFile("mixgateway-program", ".log");
            try {
                return run(folder, environment, patience, command, output);
            } finally {
                Files.deleteIfExists(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Ended run(
            Path folder, Map<String, String> environment, Duration patience, List<String> command, Path output)
            throws IOException {
        var builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            return new Ended(-1, e.toString());
        }
        try {
            process.getOutputStream().close();
            boolean ended = process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
            return new Ended(ended ? process.exitValue() : -2, Files.readString(output, UTF_8));
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
