package io.mixgateway.app.command;

/** A command cannot do what it was asked. The message is one sentence for whoever typed it. Exit status 1. */
final class CommandRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CommandRefused(String message) {
        super(message);
    }
}
