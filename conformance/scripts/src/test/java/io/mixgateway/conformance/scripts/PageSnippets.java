package io.mixgateway.conformance.scripts;

import io.mixgateway.conformance.ConformanceGateway;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** The programs that the documentation pages show, as a reader would copy them. */
final class PageSnippets {
    private PageSnippets() {}

    /**
     * Writes the snippet of that id, such as {@code first-python}, on a page such as {@code quick-start} to a file.
     *
     * @return the file
     */
    static Path write(String page, String id, Path file) {
        try (var client = HttpClient.newHttpClient()) {
            var place = URI.create(ConformanceGateway.shared().baseUrl()).resolve("/en/docs/" + page);
            var body = client.send(HttpRequest.newBuilder(place).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
            var found = Pattern.compile("<code id=\"" + id + "\">(.*?)</code>", Pattern.DOTALL)
                    .matcher(body);
            if (!found.find()) {
                throw new AssertionError(place + " shows no " + id);
            }
            Files.createDirectories(file.toAbsolutePath().getParent());
            return Files.writeString(file, unescaped(found.group(1)));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }

    private static String unescaped(String html) {
        return html.replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&#34;", "\"")
                .replace("&#39;", "'")
                .replace("&amp;", "&");
    }
}
