package io.mixgateway.relay.http;

/** What a client can call, and how it is forwarded. */
enum Surface {
    CHAT("/v1/chat/completions", "/chat/completions", true),
    EMBEDDINGS("/v1/embeddings", "/embeddings", false);

    private final String path;
    private final String upstreamPath;
    private final boolean generates;

    Surface(String path, String upstreamPath, boolean generates) {
        this.path = path;
        this.upstreamPath = upstreamPath;
        this.generates = generates;
    }

    String path() {
        return path;
    }

    /** Below the provider's base URL. */
    String upstreamPath() {
        return upstreamPath;
    }

    /** Whether answers have output tokens, and may be streamed. */
    boolean generates() {
        return generates;
    }

    /** The client's dialect, as generations record it. */
    String dialect() {
        return "openai";
    }
}
