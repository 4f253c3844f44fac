package io.mixgateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.mixgateway.relay.money.Nanos;
import io.mixgateway.testkit.FakeUpstream;
import io.mixgateway.testkit.OpenAiChat;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** The promise as a client sees it, on the whole program. */
class IdempotencyIT {
    private static final String ASK =
            "{\"model\":\"mock:small\",\"max_tokens\":50,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    private static String config(FakeUpstream upstream) {
        return """
                providers:
                  mock:
                    dialect: openai
                    base-url: %s
                    api-key: sk-test
                    models:
                      - {id: small, price: {input: 1, output: 2}}
                """.formatted(upstream.baseUrl());
    }

    private static HttpResponse<String> ask(GatewayUnderTest gateway, String key, String body) {
        return gateway.send(gateway.request("/v1/chat/completions")
                .header("Idempotency-Key", key)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    // FAILURES 63
    @Test
    void aRetriedCallIsMadeAndChargedOnce() throws Exception {
        try (var upstream = FakeUpstream.answering(OpenAiChat.ofLength(10).always());
                var gateway = GatewayUnderTest.with(config(upstream))) {
            var before = Nanos.parse(gateway.credits().get("balance").asString());

            // Ten at once, as a client with a short timeout and no patience sends them.
            var calls = new ArrayList<Callable<HttpResponse<String>>>();
            for (int i = 0; i < 10; i++) {
                calls.add(() -> ask(gateway, "order-1", ASK));
            }
            var answers = new ArrayList<HttpResponse<String>>();
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (var answer : threads.invokeAll(calls)) {
                    answers.add(answer.get());
                }
            }
            assertThat(answers).filteredOn(answer -> answer.statusCode() == 200).hasSize(1);
            assertThat(answers)
                    .filteredOn(answer -> answer.statusCode() != 200)
                    .allSatisfy(answer -> assertThat(answer.statusCode()).isEqualTo(409));
            var made = answers.stream()
                    .filter(answer -> answer.statusCode() == 200)
                    .findFirst()
                    .orElseThrow();
            var receipt = gateway.generation(GatewayUnderTest.generationId(made));

            var replay = ask(gateway, "order-1", ASK);
            assertThat(replay.statusCode()).isEqualTo(409);
            assertThat(GatewayUnderTest.error(replay, "code")).isEqualTo("idempotency_replayed");
            assertThat(GatewayUnderTest.error(replay, "generation"))
                    .isEqualTo(receipt.get("id").asString());
            assertThat(GatewayUnderTest.error(replay, "cost"))
                    .isEqualTo(receipt.get("cost").asString());
            var other = ask(gateway, "order-1", ASK.replace("hi", "ho"));
            assertThat(other.statusCode()).isEqualTo(422);

            assertThat(upstream.requests()).hasSize(1);
            assertThat(Nanos.parse(gateway.credits().get("balance").asString()))
                    .isEqualTo(before.minus(Nanos.parse(receipt.get("cost").asString())));
            assertThat(gateway.command("ledger", "verify").status()).isZero();
        }
    }
}
