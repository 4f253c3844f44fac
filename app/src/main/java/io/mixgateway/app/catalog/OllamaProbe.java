package io.mixgateway.app.catalog;

import io.mixgateway.relay.outlet.Outlet;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Asks an Ollama what it serves ({@code GET /api/tags}). Blocks for at most two seconds; no answer is no models. */
public final class OllamaProbe {
    private static final int CONNECT_MILLIS = 300;
    private static final Duration ANSWER = Duration.ofMillis(1500);
    private static final int MOST_BYTES = 1 << 20;
    private static final int MOST_MODELS = 500;
    private static final JsonFactory JSON = new JsonFactory();

    private OllamaProbe() {}

    /** The ids of the models, such as {@code llama3.2:3b}; empty when none or nobody answers. */
    public static List<String> models(URI address) {
        if (!answers(address)) {
            return List.of();
        }
        var request = HttpRequest.newBuilder(URI.create(address + "/api/tags"))
                .timeout(ANSWER)
                .build();
        try (var client = Outlet.OLLAMA.http(ANSWER)) {
            var response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                return response.statusCode() == 200 ? names(body.readNBytes(MOST_BYTES)) : List.of();
            }
        } catch (IOException | JacksonException _) {
            return List.of();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    /** A bare connection first: on most machines nobody listens, and an HTTP client is dear. */
    private static boolean answers(URI address) {
        int port = address.getPort() > 0 ? address.getPort() : "https".equals(address.getScheme()) ? 443 : 80;
        try (var socket = Outlet.OLLAMA.socket()) {
            socket.connect(new InetSocketAddress(address.getHost(), port), CONNECT_MILLIS);
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /** Of {@code {"models":[{"name":"llama3.2:3b",…},…]}} the names. */
    static List<String> names(byte[] json) {
        var names = new ArrayList<String>();
        try (var parser = JSON.createParser(ObjectReadContext.empty(), json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return List.of();
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean models = parser.currentName().equals("models");
                if (parser.nextToken() == JsonToken.START_ARRAY && models) {
                    readModels(parser, names);
                } else {
                    parser.skipChildren();
                }
            }
        }
        return List.copyOf(names);
    }

    private static void readModels(JsonParser parser, List<String> names) {
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean name = parser.currentName().equals("name");
                if (parser.nextToken() == JsonToken.VALUE_STRING && name && names.size() < MOST_MODELS) {
                    var id = parser.getString();
                    if (id.matches("[!-~]{1,200}")) {
                        names.add(id);
                    }
                } else {
                    parser.skipChildren();
                }
            }
        }
    }
}
