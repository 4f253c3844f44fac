package io.mixgateway.relay.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which headers cross the gateway, each way: only those named here. Cookies and credentials never reach a provider; a
 * provider's cookies, redirects, ids and limits never reach a client.
 */
final class Headers {
    static final CharSequence REQUEST_ID = HttpHeaders.createOptimized("x-request-id");
    static final CharSequence GENERATION = HttpHeaders.createOptimized("x-mixgateway-generation");
    static final CharSequence PROVIDER = HttpHeaders.createOptimized("x-mixgateway-provider");
    static final CharSequence IDEMPOTENCY_KEY = HttpHeaders.createOptimized("idempotency-key");
    static final CharSequence ACCEL_BUFFERING = HttpHeaders.createOptimized("x-accel-buffering");
    static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
    static final CharSequence EVENT_STREAM = HttpHeaders.createOptimized("text/event-stream; charset=utf-8");
    static final CharSequence NO_CACHE = HttpHeaders.createOptimized("no-cache");
    static final CharSequence NO = HttpHeaders.createOptimized("no");

    private static final CharSequence IDENTITY = HttpHeaders.createOptimized("identity");
    private static final CharSequence USER_AGENT = HttpHeaders.createOptimized("MixGateway");
    private static final List<CharSequence> TO_PROVIDER = List.of(HttpHeaders.createOptimized("openai-beta"));
    private static final List<CharSequence> TO_CLIENT =
            named("content-language", "openai-processing-ms", "openai-version", "retry-after", "retry-after-ms");
    private static final List<CharSequence> RETRY_HINTS = named("retry-after", "retry-after-ms", "x-should-retry");
    private static final String EXPOSED = "x-request-id, x-mixgateway-generation, x-mixgateway-provider, retry-after,"
            + " retry-after-ms, x-should-retry";
    private static final char[] ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz".toCharArray();
    private static final long SALT = new SecureRandom().nextLong();

    private Headers() {}

    private static List<CharSequence> named(String... names) {
        return Stream.of(names).map(HttpHeaders::createOptimized).toList();
    }

    /** What a provider gets of a client's headers. */
    static MultiMap toProvider(MultiMap client, boolean stream) {
        var headers = MultiMap.caseInsensitiveMultiMap();
        headers.set(HttpHeaders.CONTENT_TYPE, JSON);
        headers.set(HttpHeaders.ACCEPT, stream ? EVENT_STREAM_ACCEPT : JSON);
        headers.set(HttpHeaders.ACCEPT_ENCODING, IDENTITY);
        headers.set(HttpHeaders.USER_AGENT, USER_AGENT);
        for (CharSequence name : TO_PROVIDER) {
            var value = client.get(name);
            if (value != null) {
                headers.set(name, value);
            }
        }
        return headers;
    }

    private static final CharSequence EVENT_STREAM_ACCEPT = HttpHeaders.createOptimized("text/event-stream");

    /** Copies what a client may see of a provider's headers. */
    static void toClient(MultiMap provider, MultiMap client) {
        copy(TO_CLIENT, provider, client);
    }

    /** Copies what a provider says about trying again. */
    static void retryHints(MultiMap provider, MultiMap client) {
        copy(RETRY_HINTS, provider, client);
    }

    private static void copy(List<CharSequence> names, MultiMap provider, MultiMap client) {
        for (CharSequence name : names) {
            var value = provider.get(name);
            if (value != null) {
                client.set(name, value);
            }
        }
    }

    /** A new request id: {@code req-} and 100 random bits. */
    static String newRequestId() {
        var random = ThreadLocalRandom.current();
        var id = new char[24];
        "req-".getChars(0, 4, id, 0);
        long bits = random.nextLong() ^ SALT;
        for (int i = 4; i < id.length; i++) {
            if (i == 14) {
                bits = random.nextLong() ^ SALT;
            }
            id[i] = ALPHABET[(int) bits & 31];
            bits >>>= 5;
        }
        return new String(id);
    }

    /** Lets pages of other origins call: keys travel in headers, never in cookies, so any origin may. */
    static void allowOrigin(@Nullable String origin, MultiMap response) {
        if (origin != null) {
            response.set(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, "*");
            response.set(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
        }
    }

    /** Answers a browser's question before its call. */
    static void answerPreflight(HttpServerRequest request) {
        var wanted = request.getHeader(HttpHeaders.ACCESS_CONTROL_REQUEST_HEADERS);
        var response = request.response();
        allowOrigin(request.getHeader(HttpHeaders.ORIGIN), response.headers());
        response.setStatusCode(204)
                .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, OPTIONS")
                .putHeader(
                        HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS,
                        wanted == null || wanted.length() > 2_000 ? "authorization, content-type" : wanted)
                .putHeader(HttpHeaders.ACCESS_CONTROL_MAX_AGE, "86400")
                .end();
    }
}
