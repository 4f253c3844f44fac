package io.mixgateway.web;

import static java.util.Objects.requireNonNull;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a request says about itself, beside what is asked for. All of it is the client's word.
 *
 * @param method such as {@code GET}
 * @param path as it was sent, without the query
 * @param query as it was sent, without the question mark; may be empty
 * @param headers the last of each, by its name in small letters
 * @param cookies by name
 * @param address where the connection comes from, such as {@code 203.0.113.7}
 * @param encrypted whether the connection to this process is TLS
 */
public record Seen(
        String method,
        String path,
        String query,
        Map<String, String> headers,
        Map<String, String> cookies,
        String address,
        boolean encrypted) {
    public Seen {
        requireNonNull(method, "method");
        requireNonNull(path, "path");
        requireNonNull(query, "query");
        headers = Map.copyOf(headers);
        cookies = Map.copyOf(cookies);
        requireNonNull(address, "address");
    }

    /** A plain GET that says nothing, for tests. */
    public static Seen get(String path) {
        return new Seen("GET", path, "", Map.of(), Map.of(), "127.0.0.1", false);
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }

    public Optional<String> cookie(String name) {
        return Optional.ofNullable(cookies.get(name));
    }

    /** Whether a person's browser asks for a page, rather than a program for data. */
    public boolean wantsPage() {
        return header("accept").orElse("").contains("text/html") && !path.startsWith("/api/");
    }

    /** Whether htmx asks for a part of a page. */
    public boolean wantsPart() {
        return header("hx-request").isPresent();
    }
}
