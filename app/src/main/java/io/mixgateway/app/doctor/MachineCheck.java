package io.mixgateway.app.doctor;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

/** Java, the data folder and its disk, the port. */
final class MachineCheck {
    private static final int OLDEST_JAVA = 25;
    private static final long MEGA = 1_000_000;
    private static final long LEAST_MEGABYTES = 200;
    private static final long FEW_MEGABYTES = 2_000;

    private MachineCheck() {}

    static Finding java() {
        var version = Runtime.version();
        var seen = version + ", " + System.getProperty("java.vendor", "unknown vendor");
        return version.feature() >= OLDEST_JAVA
                ? Finding.ok("java", seen)
                : Finding.fail("java", seen, "Install a JDK " + OLDEST_JAVA + " or newer.");
    }

    static Finding folder(Path folder) {
        if (!Files.exists(folder)) {
            return Finding.ok("data folder", folder + " is not there yet; serve makes it");
        }
        if (!Files.isDirectory(folder) || !Files.isWritable(folder)) {
            return Finding.fail(
                    "data folder",
                    folder + " cannot be written to",
                    "Make it a folder that this user may write to, or give another with --data.");
        }
        return Finding.ok("data folder", folder.toString());
    }

    static Finding disk(Path folder) {
        var there = folder.toAbsolutePath();
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        try {
            long free = Files.getFileStore(there).getUsableSpace() / MEGA;
            var seen = free + " MB free on the disk of " + folder;
            if (free < LEAST_MEGABYTES) {
                return Finding.fail("disk", seen, "Free some space: the database stops when it cannot write.");
            }
            return free < FEW_MEGABYTES
                    ? Finding.warn("disk", seen, "Free some space before it runs out.")
                    : Finding.ok("disk", seen);
        } catch (IOException broken) {
            return Finding.warn("disk", "cannot be asked: " + broken.getMessage(), "Check the disk yourself.");
        }
    }

    /** A port that is taken is well when it is our own gateway that has it. */
    static Finding port(String host, int port) {
        var name = host + ":" + port;
        if (port == 0) {
            return Finding.ok("port", "any free one");
        }
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(host, port));
            return Finding.ok("port", name + " is free");
        } catch (IOException taken) {
            if (Reach.isGateway(host, port)) {
                return Finding.ok("port", name + " is served by a MixGateway that is alive");
            }
            return Finding.fail(
                    "port",
                    name + " cannot be listened on (" + taken.getMessage() + ")",
                    "Stop what listens there, or choose another with serve --port N.");
        }
    }
}
