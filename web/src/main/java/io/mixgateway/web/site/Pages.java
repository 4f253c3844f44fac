package io.mixgateway.web.site;

import io.mixgateway.web.Answer;
import io.mixgateway.web.Permission;
import io.mixgateway.web.Route;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/** The landing page and what it is drawn with. */
public final class Pages {
    private static final Buffer STYLE = style();

    /** Where the first call goes, such as {@code http://127.0.0.1:8080/v1}. */
    private final Supplier<String> baseUrl;

    public Pages(Supplier<String> baseUrl) {
        this.baseUrl = baseUrl;
    }

    public List<Route> routes() {
        return List.of(
                Route.get("/", Permission.ANYONE, _ -> Answer.html(200, landing())),
                Route.get(
                        "/assets/mixgateway.css",
                        Permission.ANYONE,
                        _ -> new Answer(
                                200,
                                "text/css; charset=utf-8",
                                Map.of("cache-control", "public, max-age=3600"),
                                STYLE)));
    }

    private String landing() {
        return page("MixGateway", """
                <p class="lead">One API in front of every model provider, with accounts, API keys, prepaid credits and \
                metering to the token. This gateway is running.</p>
                <h2>Make the first call</h2>
                <p>The first API key is in <code>first-run.json</code> in the gateway's data folder. \
                <code>sandbox:echo</code> needs no provider: it answers from inside the gateway.</p>
                <pre><code>curl %1$s/chat/completions \\
                  -H "Authorization: Bearer $MIXGATEWAY_API_KEY" \\
                  -H "Content-Type: application/json" \\
                  -d '{"model": "sandbox:echo", "messages": [{"role": "user", "content": "Hello"}]}'</code></pre>
                <p>An OpenAI SDK needs two changes:</p>
                <pre><code>from openai import OpenAI
                client = OpenAI(base_url="%1$s", api_key="sk-mg-…")</code></pre>
                <h2>Where to look next</h2>
                <ul>
                <li><code>GET %1$s/models</code>: what can be called with your key</li>
                <li><code>GET /api/v1/credits</code>, <code>GET /api/v1/generations</code>: what it cost, call by call</li>
                <li><a href="/readyz">/readyz</a>: whether the gateway is well</li>
                <li><code>README.md</code> and <code>docs/</code> beside the program: configuration, providers, errors</li>
                </ul>
                """.formatted(Html.text(baseUrl.get())));
    }

    /**
     * A whole page around {@code main}.
     *
     * @param title plain text
     * @param main HTML, in which every text went through {@link Html#text}
     */
    static String page(String title, String main) {
        return """
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>%1$s</title>
                <link rel="stylesheet" href="/assets/mixgateway.css">
                </head>
                <body>
                <main>
                <h1>%1$s</h1>
                %2$s</main>
                </body>
                </html>
                """.formatted(Html.text(title), main);
    }

    private static Buffer style() {
        try (var file = Pages.class.getResourceAsStream("mixgateway.css")) {
            return Buffer.buffer(Objects.requireNonNull(file, "mixgateway.css").readAllBytes());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
