package io.mixgateway.platform.store;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * As whom PostgreSQL's programs run, and what is put in front of them for it. PostgreSQL refuses to run as root, so root
 * gives up its rights first: by {@code setpriv} for an unprivileged user where that user can reach the data, else by
 * {@code unshare -U}, which leaves the files root's own (a data folder under /root, mode 0700).
 *
 * <p>All of them replace themselves by the program they start, so that its process id is the one we know. {@code setsid}
 * keeps the terminal's Ctrl-C from PostgreSQL, which must outlive our draining. {@code --pdeathsig} makes the kernel stop
 * it when we die; where there is none, {@link PostgresServer} keeps a watch instead.
 *
 * @param front the words before the program
 * @param diesWithUs whether the kernel sees to it
 * @param files who must own the data, when that is not ourselves
 */
record ServerUser(List<String> front, boolean diesWithUs, Optional<Owner> files) {
    private static final int NOBODY = 65534;
    private static final boolean ROOT = uid() == 0;
    private static final int PROBE_SECONDS = 10;

    /** A user and group by number. */
    record Owner(int uid, int gid) {}

    static boolean weAreRoot() {
        return ROOT;
    }

    private static long uid() {
        return DataDir.POSIX ? new UnixSystem().getUid() : -1;
    }

    /** For data that is there: whoever owns it. */
    static ServerUser owning(Path data) throws IOException {
        if (!ROOT) {
            return ourselves();
        }
        int uid = Trees.owner(data);
        return uid == 0 ? unshared() : dropped(new Owner(uid, Trees.group(data)));
    }

    /**
     * For data yet to be made in {@code folder}.
     *
     * @throws StartRefused when we are root and cannot stop being it
     */
    static ServerUser forNewData(Path folder, PostgresBinaries binaries) {
        if (!ROOT) {
            return ourselves();
        }
        var candidates = List.of(dropped(unprivileged()), unshared());
        for (ServerUser candidate : candidates) {
            if (candidate.canRun(binaries, folder)) {
                return candidate;
            }
        }
        throw new StartRefused("PostgreSQL does not run as root, and here root can neither become another user for "
                + folder + " (setpriv) nor give up its rights (unshare -U): start as an ordinary user, or put the data"
                + " where others may enter, such as --data /var/lib/mixgateway.");
    }

    private static ServerUser ourselves() {
        var front = new ArrayList<>(ownSession());
        boolean dies = setprivKnowsDeath();
        if (dies) {
            front.addAll(List.of("setpriv", "--pdeathsig=INT"));
        }
        return new ServerUser(List.copyOf(front), dies, Optional.empty());
    }

    private static ServerUser dropped(Owner owner) {
        var front = new ArrayList<>(ownSession());
        front.addAll(List.of("setpriv", "--reuid=" + owner.uid(), "--regid=" + owner.gid(), "--clear-groups"));
        boolean dies = setprivKnowsDeath();
        if (dies) {
            front.add("--pdeathsig=INT");
        }
        return new ServerUser(List.copyOf(front), dies, Optional.of(owner));
    }

    private static ServerUser unshared() {
        var front = new ArrayList<>(ownSession());
        front.addAll(List.of("unshare", "-U"));
        boolean dies = setprivKnowsDeath();
        if (dies) {
            front.addAll(List.of("setpriv", "--pdeathsig=INT"));
        }
        return new ServerUser(List.copyOf(front), dies, Optional.empty());
    }

    /** macOS has no setsid program, but a Perl that can do it. */
    private static List<String> ownSession() {
        if (onPath("setsid").isPresent()) {
            return List.of("setsid");
        }
        return onPath("perl").isPresent() ? List.of("perl", "-MPOSIX", "-e", "setsid; exec @ARGV or die") : List.of();
    }

    private static boolean setprivKnowsDeath() {
        // BusyBox has a setpriv without it; a link to busybox is how that looks.
        return onPath("setpriv")
                .filter(path -> !path.toString().contains("busybox"))
                .isPresent();
    }

    private static Optional<Path> onPath(String program) {
        for (String folder : Optional.ofNullable(System.getenv("PATH"))
                .orElse("/usr/bin:/bin")
                .split(":")) {
            var path = Path.of(folder.isEmpty() ? "." : folder, program);
            if (Files.isExecutable(path)) {
                try {
                    return Optional.of(path.toRealPath());
                } catch (IOException _) {
                    return Optional.of(path);
                }
            }
        }
        return Optional.empty();
    }

    /** Tries it: the folder can be entered and the program runs. */
    private boolean canRun(PostgresBinaries binaries, Path folder) {
        var command = new ArrayList<>(front);
        command.addAll(List.of(
                "/bin/sh",
                "-c",
                "test -x \"$0\" && exec \"$1\" --version",
                folder.toString(),
                binaries.program("postgres")));
        try {
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (process.waitFor(PROBE_SECONDS, TimeUnit.SECONDS)) {
                return process.exitValue() == 0;
            }
            process.destroyForcibly();
            return false;
        } catch (IOException _) {
            return false;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The whole command line. */
    List<String> command(List<String> program) {
        return command(program, ProcessHandle.current().pid());
    }

    /** @param parent whose death it must not outlive */
    List<String> command(List<String> program, long parent) {
        var command = new ArrayList<>(front);
        if (diesWithUs) {
            // The kernel was asked just now; whoever died before that is not seen by it.
            command.addAll(List.of("/bin/sh", "-c", "[ \"$PPID\" = \"$0\" ] && exec \"$@\"", Long.toString(parent)));
        }
        command.addAll(program);
        return command;
    }

    /** Gives a file or folder that we just made to the user of the server. */
    void give(Path path) throws IOException {
        if (files.isPresent()) {
            Trees.giveTo(path, files.get().uid(), files.get().gid());
        }
    }

    private static Owner unprivileged() {
        try (var lines = Files.lines(Path.of("/etc/passwd"))) {
            return lines.map(line -> line.split(":"))
                    .filter(fields -> fields.length > 3 && fields[0].equals("postgres"))
                    .map(fields -> new Owner(Integer.parseInt(fields[2]), Integer.parseInt(fields[3])))
                    .findFirst()
                    .orElse(new Owner(NOBODY, NOBODY));
        } catch (IOException | java.io.UncheckedIOException | NumberFormatException _) {
            return new Owner(NOBODY, NOBODY);
        }
    }
}
