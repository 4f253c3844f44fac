package io.mixgateway.relay.content;

import static java.util.Objects.requireNonNull;

/**
 * A request's body, as the client sent it. Prints its length and nothing else, so that it cannot get into a log line,
 * an exception or a stored record by being named there.
 */
public final class RequestContent {
    /** No bytes: of a call that will not be sent again. */
    public static final RequestContent NONE = new RequestContent(new byte[0]);

    private final byte[] bytes;

    private RequestContent(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Takes {@code bytes} over without copying: they are not to be changed any more. */
    public static RequestContent of(byte[] bytes) {
        return new RequestContent(requireNonNull(bytes, "bytes"));
    }

    /** The bytes themselves, not a copy: for reading and sending, never for keeping. */
    public byte[] bytes() {
        return bytes;
    }

    /** In bytes. */
    public int length() {
        return bytes.length;
    }

    @Override
    public String toString() {
        return "RequestContent[" + bytes.length + " bytes]";
    }
}
