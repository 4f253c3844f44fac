package io.mixgateway.app.trial;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** What can be seen of a database whose start was refused: its processes, what they wait for, and its last words. */
final class Leftovers {
    private static final int LAST_LINES = 60;

    private Leftovers() {}

    static String of(Path data) {
        var database = data.resolve("postgres/data");
        var processes = ProcessHandle.allProcesses()
                .filter(process -> process.info().command().orElse("").endsWith("/postgres"))
                .map(Leftovers::process)
                .collect(Collectors.joining("\n"));
        return "processes of PostgreSQL on this machine:\n" + processes + "\n\npostmaster.pid:\n"
                + String.join("\n", lines(database.resolve("postmaster.pid"))) + "\n\npostgres.log:\n"
                + String.join("\n", last(lines(data.resolve("logs/postgres.log")))) + "\n";
    }

    private static String process(ProcessHandle process) {
        var proc = Path.of("/proc/" + process.pid());
        return process.pid() + " of " + process.parent().map(ProcessHandle::pid).orElse(0L) + " since "
                + process.info().startInstant().map(Object::toString).orElse("?") + " in " + folder(proc) + ": "
                + String.join(" ", lines(proc.resolve("cmdline")))
                        .replace('\0', ' ')
                        .strip() + " | "
                + lines(proc.resolve("status")).stream()
                        .filter(line -> line.startsWith("State") || line.startsWith("Sig") || line.startsWith("ShdPnd"))
                        .collect(Collectors.joining(" "))
                + " | " + String.join(" ", lines(proc.resolve("wchan"))) + " | "
                + String.join(" < ", lines(proc.resolve("stack")));
    }

    private static String folder(Path proc) {
        try {
            return Files.readSymbolicLink(proc.resolve("cwd")).toString();
        } catch (IOException _) {
            return "?";
        }
    }

    private static List<String> last(List<String> lines) {
        return lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size());
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException unreadable) {
            return List.of(unreadable.toString());
        }
    }
}
