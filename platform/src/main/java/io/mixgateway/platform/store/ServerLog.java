package io.mixgateway.platform.store;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a program of PostgreSQL says, written to a file that never grows beyond {@value #MOST_BYTES} bytes and one
 * predecessor; the last lines are kept at hand to explain a failure.
 */
final class ServerLog {
    private static final Logger LOG = LoggerFactory.getLogger(ServerLog.class);
    private static final long MOST_BYTES = 5_000_000;
    private static final int LAST_LINES = 30;

    private final Path file;
    private final Deque<String> last = new ArrayDeque<>();

    ServerLog(Path file) {
        this.file = file;
    }

    /** Copies until the stream ends. Reads on when the file cannot be written, so that the program never blocks on us. */
    void copy(InputStream output) {
        try (var lines = new BufferedReader(new InputStreamReader(output, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                remember(line);
                append(line);
            }
        } catch (IOException e) {
            LOG.debug("PostgreSQL's output ended", e);
        }
    }

    private void append(String line) {
        try {
            if (Files.exists(file) && Files.size(file) > MOST_BYTES) {
                Files.move(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
            }
            try (BufferedWriter writer =
                    Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                writer.append(line).append('\n');
            }
        } catch (IOException e) {
            LOG.debug("PostgreSQL's log cannot be written", e);
        }
    }

    private synchronized void remember(String line) {
        if (last.size() == LAST_LINES) {
            last.removeFirst();
        }
        last.addLast(line);
    }

    /** The last lines, oldest first. */
    synchronized List<String> last() {
        return List.copyOf(last);
    }

    /** Whether one of the last lines contains {@code text}. */
    boolean says(String text) {
        return last().stream().anyMatch(line -> line.contains(text));
    }

    /** The last line that tells of a failure, for a message. */
    String complaint() {
        return last().reversed().stream()
                .filter(line -> line.contains("FATAL:") || line.contains("PANIC:") || line.contains("error:"))
                .findFirst()
                .or(() -> last().reversed().stream().findFirst())
                .orElse("it said nothing");
    }
}
