package io.mixgateway.app.reload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A file's content in short: equal when the content is, whatever its date says. */
record Fingerprint(String digest) {
    static final Fingerprint NEVER_SEEN = new Fingerprint("");
    private static final Fingerprint ABSENT = new Fingerprint("absent");
    private static final int MOST_BYTES = 4 << 20;

    static Fingerprint of(Path file) {
        try (var input = Files.newInputStream(file)) {
            var digest = MessageDigest.getInstance("SHA-256").digest(input.readNBytes(MOST_BYTES));
            return new Fingerprint(Files.size(file) + " " + HexFormat.of().formatHex(digest));
        } catch (NoSuchFileException _) {
            return ABSENT;
        } catch (IOException failed) {
            return new Fingerprint("unreadable " + failed.getClass().getSimpleName());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Whether there is a file without a byte in it. */
    boolean isEmpty() {
        return digest.startsWith("0 ");
    }

    boolean isAbsent() {
        return equals(ABSENT);
    }
}
