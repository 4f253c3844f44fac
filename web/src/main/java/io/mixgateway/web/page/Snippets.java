package io.mixgateway.web.page;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * The first call as programs that run as they stand: for documentation, for a key just made, for the playground. A test
 * runs each of them against a gateway.
 */
public final class Snippets {
    private static final String VARIABLE = "MIXGATEWAY_API_KEY";

    private final String baseUrl;
    private final String secret;
    private final String model;

    /**
     * @param baseUrl such as {@code http://127.0.0.1:8080/v1}
     * @param secret a key to write in; empty: it is taken from {@code MIXGATEWAY_API_KEY}
     */
    public Snippets(String baseUrl, String secret, String model) {
        this.baseUrl = requireNonNull(baseUrl, "baseUrl");
        this.secret = requireNonNull(secret, "secret");
        this.model = requireNonNull(model, "model");
    }

    /**
     * One program.
     *
     * @param language for attributes and file names: {@code curl}, {@code python}, {@code node}, {@code java}
     * @param needs what has to be there first, as a command; may be empty
     */
    public record Snippet(String language, String label, String needs, String code) {}

    /** One message, answered in full. */
    public List<Snippet> firstCall() {
        return List.of(curl(false), python(false), node(false), java());
    }

    /** The same, as a stream. */
    public List<Snippet> stream() {
        return List.of(curl(true), python(true), node(true));
    }

    private Snippet curl(boolean stream) {
        return new Snippet("curl", "curl", "", """
                curl%s %s/chat/completions \\
                  -H "Authorization: Bearer %s" \\
                  -H "Content-Type: application/json" \\
                  -d '{"model": "%s",%s "messages": [{"role": "user", "content": "Hello!"}]}'
                """.formatted(
                        stream ? " -N" : "",
                        baseUrl,
                        secret.isEmpty() ? "$" + VARIABLE : secret,
                        model,
                        stream ? " \"stream\": true," : ""));
    }

    private Snippet python(boolean stream) {
        var client = """
                import os
                from openai import OpenAI

                client = OpenAI(base_url="%s", api_key=%s)
                """.formatted(baseUrl, secret.isEmpty() ? "os.environ[\"" + VARIABLE + "\"]" : quoted());
        var whole = """
                answer = client.chat.completions.create(
                    model="%s",
                    messages=[{"role": "user", "content": "Hello!"}],
                )
                print(answer.choices[0].message.content)
                """;
        var streamed = """
                for chunk in client.chat.completions.create(
                    model="%s",
                    messages=[{"role": "user", "content": "Hello!"}],
                    stream=True,
                ):
                    print(chunk.choices[0].delta.content or "", end="", flush=True)
                """;
        return new Snippet(
                "python", "Python", "pip install openai", client + (stream ? streamed : whole).formatted(model));
    }

    private Snippet node(boolean stream) {
        var client = """
                import OpenAI from "openai";

                const client = new OpenAI({ baseURL: "%s", apiKey: %s });
                """.formatted(baseUrl, secret.isEmpty() ? "process.env." + VARIABLE : quoted());
        var whole = """
                const answer = await client.chat.completions.create({
                  model: "%s",
                  messages: [{ role: "user", content: "Hello!" }],
                });
                console.log(answer.choices[0].message.content);
                """;
        var streamed = """
                const stream = await client.chat.completions.create({
                  model: "%s",
                  messages: [{ role: "user", content: "Hello!" }],
                  stream: true,
                });
                for await (const chunk of stream) {
                  process.stdout.write(chunk.choices[0]?.delta?.content ?? "");
                }
                """;
        return new Snippet("node", "Node", "npm install openai", client + (stream ? streamed : whole).formatted(model));
    }

    private Snippet java() {
        return new Snippet("java", "Java", "", """
                import java.net.URI;
                import java.net.http.*;

                class FirstCall {
                    public static void main(String[] args) throws Exception {
                        var body = \"""
                            {"model": "%s", "messages": [{"role": "user", "content": "Hello!"}]}\""";
                        var request = HttpRequest.newBuilder(URI.create("%s/chat/completions"))
                            .header("Authorization", "Bearer " + %s)
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build();
                        var answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
                        System.out.println(answer.body());
                    }
                }
                """.formatted(
                        model, baseUrl, secret.isEmpty() ? "System.getenv(\"" + VARIABLE + "\")" : quoted()));
    }

    private String quoted() {
        return '"' + secret + '"';
    }
}
