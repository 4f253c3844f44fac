package io.mixgateway.relay.upstream;

import static java.util.Objects.requireNonNull;

import java.nio.channels.ClosedChannelException;

/**
 * An attempt that broke below HTTP.
 *
 * @param detail for the log, without secrets
 */
public record UpstreamFailure(Kind kind, String detail) {
    public UpstreamFailure {
        requireNonNull(kind, "kind");
        requireNonNull(detail, "detail");
    }

    /** Of {@code cause} only its class is told: its message may quote what the provider sent. */
    static UpstreamFailure of(Kind kind, Throwable cause) {
        return new UpstreamFailure(kind, cause.getClass().getSimpleName());
    }

    /**
     * Whether a connection was closed on our side before it stood, by no fault of the provider. Netty's epoll loop gives an
     * event to the file descriptor it came for, and when that was closed and taken for a new connection in the same turn, the
     * new one is told that its other side has left. Nothing was sent by then, so connecting once more is safe.
     */
    static boolean isOurOwnClose(Throwable cause) {
        return cause instanceof ClosedChannelException;
    }

    /** Where it broke; decides whether another endpoint may be tried. */
    public enum Kind {
        /** No connection, or no TLS: the provider cannot have seen the call. */
        CONNECT,
        /** The connection broke after the request may have been seen, or what came is not HTTP. */
        BROKEN
    }

    /** Whether the provider provably did not take the call. */
    public boolean provablyNotAccepted() {
        return kind == Kind.CONNECT;
    }
}
