package io.mixgateway.web;

import static java.util.Objects.requireNonNull;

import io.vertx.core.buffer.Buffer;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * What goes back.
 *
 * @param headers beside {@code content-type} and those that every answer carries
 */
public record Answer(int status, String contentType, Map<String, String> headers, Buffer body) {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String NEVER_KEEP = "no-store";

    public Answer {
        requireNonNull(contentType, "contentType");
        headers = Map.copyOf(headers);
        requireNonNull(body, "body");
    }

    /** A JSON document of maps, lists, strings, whole numbers and booleans. Never kept by a cache. */
    public static Answer json(int status, Object document) {
        return new Answer(
                status,
                "application/json",
                Map.of("cache-control", NEVER_KEEP),
                Buffer.buffer(JSON.writeValueAsBytes(document)));
    }

    public static Answer json(Object document) {
        return json(200, document);
    }

    /** A page. Never kept by a cache: it may speak of an account. */
    public static Answer html(int status, String page) {
        return new Answer(status, "text/html; charset=utf-8", Map.of("cache-control", NEVER_KEEP), Buffer.buffer(page));
    }

    public static Answer text(String contentType, String text) {
        return new Answer(200, contentType, Map.of("cache-control", NEVER_KEEP), Buffer.buffer(text));
    }
}
