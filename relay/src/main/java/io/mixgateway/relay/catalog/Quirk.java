package io.mixgateway.relay.catalog;

/** A way in which a provider's OpenAI-compatible surface differs. Presets and configuration name them in kebab-case. */
public enum Quirk {
    /**
     * Answers 400 to {@code stream_options}: usage cannot be asked for in streams, so it is estimated there, and a
     * client's own asking is not passed on.
     */
    REJECTS_STREAM_OPTIONS,
    /** Sends usage in every stream unasked, in the last chunk or as a running count. */
    ALWAYS_STREAMS_USAGE,
    /** Bills whatever it generated even when the client of a plain call leaves, so such a call is cancelled rather than drained. */
    CANCEL_DETACHED_CALLS
}
