package io.mixgateway.platform.store;

import org.jspecify.annotations.Nullable;

/**
 * The program cannot start like this. The message is one sentence for the operator: what is wrong, and what to do. It
 * holds no password, and is printed without a stack trace.
 */
public final class StartRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StartRefused(String message) {
        this(message, null);
    }

    public StartRefused(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
