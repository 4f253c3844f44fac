package io.mixgateway.platform.journal;

/** The journal cannot be opened or read: another process has it, the disk fails, or a newer version wrote it. */
public final class JournalException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public JournalException(String message) {
        super(message);
    }

    public JournalException(String message, Throwable cause) {
        super(message, cause);
    }
}
