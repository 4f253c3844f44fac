package io.mixgateway.relay.sandbox;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** The bytes of an answer, made while they are asked for. */
interface Body {
    /** No bytes at all. */
    Body NONE = () -> null;

    /** The next piece, never empty; in a stream one event. Null at the end. */
    @Nullable
    Buffer next();
}
