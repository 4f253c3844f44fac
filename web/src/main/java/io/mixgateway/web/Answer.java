package io.mixgateway.web;

import static java.util.Objects.requireNonNull;

import io.mixgateway.platform.privacy.SetCookie;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import tools.jackson.databind.json.JsonMapper;

/**
 * What goes back.
 *
 * @param headers beside {@code content-type} and those that every answer carries
 * @param cookies values of {@code set-cookie}, in order
 */
public record Answer(int status, String contentType, Map<String, String> headers, List<String> cookies, Buffer body) {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String NEVER_KEEP = "no-store";
    private static final String HTML = "text/html; charset=utf-8";

    public Answer {
        requireNonNull(contentType, "contentType");
        headers = Map.copyOf(headers);
        cookies = List.copyOf(cookies);
        requireNonNull(body, "body");
    }

    public Answer(int status, String contentType, Map<String, String> headers, Buffer body) {
        this(status, contentType, headers, List.of(), body);
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
        return new Answer(status, HTML, Map.of("cache-control", NEVER_KEEP), Buffer.buffer(page));
    }

    public static Answer text(String contentType, String text) {
        return new Answer(200, contentType, Map.of("cache-control", NEVER_KEEP), Buffer.buffer(text));
    }

    /** Sends the browser to {@code place}, a path of this site, by GET. */
    public static Answer seeOther(String place) {
        return new Answer(303, HTML, Map.of("cache-control", NEVER_KEEP, "location", place), Buffer.buffer());
    }

    /** Whether the body is text that may be compressed. One that shows a secret says no by {@code cache-control: no-store, no-transform}. */
    boolean compressible() {
        return (contentType.startsWith("text/") || contentType.startsWith("application/json"))
                && !headers.getOrDefault("cache-control", "").contains("no-transform");
    }

    /** The same, compressed. */
    Answer zipped() {
        var out = new ByteArrayOutputStream(body.length() / 3);
        try (var zipping = new GZIPOutputStream(out)) {
            zipping.write(body.getBytes());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        return new Answer(status, contentType, headers, cookies, Buffer.buffer(out.toByteArray()))
                .withHeader("content-encoding", "gzip");
    }

    /** The same, setting a cookie of those that are declared. */
    public Answer withCookie(SetCookie cookie, String value) {
        return with(Cookies.set(cookie, value));
    }

    /** The same, taking a cookie back. */
    public Answer withoutCookie(SetCookie cookie) {
        return with(Cookies.delete(cookie));
    }

    private Answer with(String cookie) {
        return new Answer(
                status,
                contentType,
                headers,
                Stream.concat(cookies.stream(), Stream.of(cookie)).toList(),
                body);
    }

    /** The same, with another header, or another value for one that it has. */
    public Answer withHeader(String name, String value) {
        var more = new HashMap<>(headers);
        more.put(name, value);
        return new Answer(status, contentType, more, cookies, body);
    }
}
