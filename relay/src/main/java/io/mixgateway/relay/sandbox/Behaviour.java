package io.mixgateway.relay.sandbox;

/** What a sandbox model does with a call. A model's parameter, where there is one, says how much. */
public enum Behaviour {
    /** Answers at once. */
    ANSWERS,
    /** Answers embeddings only. */
    EMBEDS,
    /** Counts hidden reasoning tokens in its usage. */
    REASONS,
    /** Reports half of the prompt as read from a cache. */
    CACHES,
    /** Answers with exactly so many tokens, unless the caller's limit is lower. */
    TALKS_LONG,
    /** Waits so many milliseconds before each token. */
    TRICKLES,
    /** Waits so many milliseconds before the first token. */
    STARTS_LATE,
    /** Never reports usage. */
    HIDES_USAGE,
    /** Reports a growing usage on every chunk. */
    RUNS_USAGE,
    /** Answers this HTTP status and an error, never anything else. */
    REFUSES,
    /** Sends headers and then nothing. */
    STALLS,
    /** Sends nothing at all. */
    STALLS_BEFORE_HEADERS,
    /** Breaks the connection after so many bytes of the body. */
    CUTS,
    /** Answers 200, three chunks, and then an error in the stream. */
    FAILS_IN_STREAM,
    /** Answers 200 with an error as its body. */
    FAILS_IN_200,
    /** Answers 200 with no bytes at all. */
    STAYS_EMPTY;

    /** Whether it never ends as a call should. */
    public boolean isFault() {
        return switch (this) {
            case ANSWERS, EMBEDS, REASONS, CACHES, TALKS_LONG, TRICKLES, STARTS_LATE, HIDES_USAGE, RUNS_USAGE -> false;
            case REFUSES, STALLS, STALLS_BEFORE_HEADERS, CUTS, FAILS_IN_STREAM, FAILS_IN_200, STAYS_EMPTY -> true;
        };
    }
}
