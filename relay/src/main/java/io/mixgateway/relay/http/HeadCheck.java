package io.mixgateway.relay.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/**
 * Heads of requests that another server may read otherwise than this one. The HTTP library refuses most of them over
 * HTTP/1.1; what it lets through is refused here, with the connection.
 */
final class HeadCheck {
    private HeadCheck() {}

    /** What is wrong with the head of {@code request}; null when nothing is. */
    static @Nullable String complaint(HttpServerRequest request) {
        var headers = request.headers();
        if (isAmbiguous(headers)) {
            return "The only transfer coding taken here is one 'chunked'.";
        }
        if (request.version() == HttpVersion.HTTP_2) {
            return hasControls(headers) || hasControls(request.path())
                    ? "A header or the path holds a control character."
                    : null;
        }
        if (request.version() == HttpVersion.HTTP_1_1
                && headers.getAll(HttpHeaders.HOST).size() != 1) {
            return "A request over HTTP/1.1 has one Host header."; // RFC 9112, 3.2
        }
        return null;
    }

    /** Two servers in a row may differ on where such a body ends (RFC 9112, 6.1). */
    private static boolean isAmbiguous(MultiMap headers) {
        var coding = headers.get(HttpHeaders.TRANSFER_ENCODING);
        return coding != null
                && (!"chunked".equalsIgnoreCase(coding)
                        || headers.getAll(HttpHeaders.TRANSFER_ENCODING).size() > 1);
    }

    /**
     * In HTTP/2 a value has its length, so a line break in it breaks nothing; written into HTTP/1.1 it would begin a header
     * or a request of its own (RFC 9113, 8.2.1 and 10.3).
     */
    private static boolean hasControls(MultiMap headers) {
        for (var header : headers) {
            if (hasControls(header.getKey()) || hasControls(header.getValue())) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasControls(@Nullable String text) {
        if (text == null) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f) {
                return true;
            }
        }
        return false;
    }
}
