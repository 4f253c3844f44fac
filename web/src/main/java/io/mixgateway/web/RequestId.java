package io.mixgateway.web;

import java.util.concurrent.ThreadLocalRandom;

/** The id of one answer of the web part, for its log line and for whoever reports a fault: {@code req-…}. */
final class RequestId {
    private RequestId() {}

    static String next() {
        var random = ThreadLocalRandom.current();
        return "req-" + Long.toUnsignedString(random.nextLong(), 36) + Long.toUnsignedString(random.nextLong(), 36);
    }
}
