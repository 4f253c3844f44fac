package io.mixgateway.platform.store;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One running server process: from its command line to its end. */
final class PostgresServer {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresServer.class);
    private static final Duration START_LIMIT = Duration.ofMinutes(5);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
    private static final long POLL_MILLIS = 5;

    private final Process process;
    private final ServerLog log;
    private final Path data;

    /** Kept, because its end of the pipe closes when nobody refers to it. */
    private @Nullable Process watcher;

    private PostgresServer(Process process, ServerLog log, Path data) {
        this.process = process;
        this.log = log;
        this.data = data;
    }

    /** The server ended while starting. What it said decides what to do. */
    static final class Died extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient ServerLog log;

        Died(ServerLog log) {
            super(log.complaint());
            this.log = log;
        }

        ServerLog log() {
            return log;
        }
    }

    /**
     * Starts the server and waits until it takes connections.
     *
     * @throws Died when it ends instead
     */
    static PostgresServer start(
            PostgresBinaries binaries, ServerUser user, Path data, Path logFile, Map<String, String> settings)
            throws IOException, Died {
        var program = new ArrayList<String>(List.of(binaries.program("postgres"), "-D", data.toString()));
        settings.forEach((name, value) -> program.addAll(List.of("-c", name + "=" + value)));
        var log = new ServerLog(logFile);
        var server = new PostgresServer(spawn(user.command(program), data, log), log, data);
        if (!user.diesWithUs()) {
            server.watch();
        }
        server.awaitReady();
        return server;
    }

    /**
     * The kernel's death signal follows the thread that started the child, not the process: so that thread stays, and
     * reads the server's output until it ends.
     */
    private static Process spawn(List<String> command, Path folder, ServerLog log) throws IOException {
        var started = new CompletableFuture<Process>();
        Thread.ofPlatform().name("postgres").daemon().start(() -> {
            try {
                var process = new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectInput(ProcessBuilder.Redirect.from(
                                Path.of("/dev/null").toFile()))
                        .start();
                started.complete(process);
                log.copy(process.getInputStream());
            } catch (IOException e) {
                started.completeExceptionally(e);
            }
        });
        try {
            return started.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e);
        }
    }

    /** A shell that waits for our end of a pipe to close, which it does when we die, and then stops the server. */
    private void watch() throws IOException {
        var shell = new ProcessBuilder(
                        "/bin/sh",
                        "-c",
                        "trap '' INT TERM HUP; while read -r _; do :; done; kill -INT \"$0\"",
                        Long.toString(process.pid()))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        watcher = shell;
        var _ = process.onExit().thenRun(shell::destroyForcibly);
    }

    /** For tests: what our death does. */
    void unwatch() throws IOException {
        if (watcher != null) {
            watcher.getOutputStream().close();
        }
    }

    private void awaitReady() throws IOException, Died {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (true) {
            if (!process.isAlive()) {
                pause(); // lets the last lines of its output arrive
                throw new Died(log);
            }
            var said = PostmasterFile.read(data);
            if (said.isPresent() && said.get().ready() && said.get().pid() == process.pid()) {
                return;
            }
            if (System.nanoTime() > deadline) {
                stop(false);
                throw new StartRefused("PostgreSQL was not ready after " + START_LIMIT.toMinutes()
                        + " minutes: see the end of logs/postgres.log in the data folder.");
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new StartRefused("Stopped while PostgreSQL was starting.");
        }
    }

    long pid() {
        return process.pid();
    }

    /** Completes when the process ends, for whatever reason. */
    CompletableFuture<Process> exit() {
        return process.onExit();
    }

    /**
     * Stops the server and waits for it.
     *
     * @param letOthersFinish wait for connections that are still open, for a while
     */
    void stop(boolean letOthersFinish) {
        try {
            if (letOthersFinish) {
                Signal.SMART.send(process.pid());
                if (process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                    return;
                }
            }
            Signal.FAST.send(process.pid());
            if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                LOG.warn("PostgreSQL did not stop in {}; ended hard, it will recover at the next start", STOP_LIMIT);
                process.destroyForcibly();
            }
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** How PostgreSQL is asked to stop, see "Shutting Down the Server" in its manual. */
    enum Signal {
        /** After the last connection closed. */
        SMART("TERM"),
        /** Now, ending connections. */
        FAST("INT"),
        /** Now, without a checkpoint: the next start replays the log, as after a crash. */
        IMMEDIATE("QUIT"),
        /** For what does not listen any more. */
        KILL("KILL");

        private final String name;

        Signal(String name) {
            this.name = name;
        }

        /** By the shell's own kill: there is no kill program in the smallest containers. */
        void send(long pid) throws InterruptedException {
            try {
                new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + pid)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor();
            } catch (IOException e) {
                LOG.warn("Cannot signal PostgreSQL", e);
            }
        }
    }
}
