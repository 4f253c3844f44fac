package io.mixgateway.platform;

import static java.util.Objects.requireNonNull;

/**
 * A change that somebody asked for and that cannot be made: the message says what is wrong with it and what to do, and
 * may be shown to them as it is. Nothing was changed.
 */
public final class ChangeRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ChangeRefused(String message) {
        super(requireNonNull(message, "message"), null, false, false);
    }
}
