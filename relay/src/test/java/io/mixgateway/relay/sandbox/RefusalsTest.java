package io.mixgateway.relay.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RefusalsTest {
    private static Vertx vertx;

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stop() {
        vertx.close().await();
    }

    // FAILURES 35 for n
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '|',
            value = {
                "~\"messages\":null~|messages",
                "~\"messages\":\"hello\"~|messages",
                "~\"messages\":[]~|messages",
                "~\"messages\":[1]~|messages[0]",
                "~\"messages\":[{\"content\":\"x\"}]~|messages[0].role",
                "~\"messages\":[{\"role\":\"robot\",\"content\":\"x\"}]~|messages[0].role",
                "~\"messages\":[{\"role\":\"user\"}]~|messages[0].content",
                "~\"messages\":[{\"role\":\"user\",\"content\":{}}]~|messages[0].content",
                "~\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"x\"}]}]~|messages[0].content[0].type",
                "~\"messages\":[{\"role\":\"tool\",\"content\":\"x\"}]~|messages[0].tool_call_id",
                "~\"model\":7~|model",
                "~\"stream\":\"yes\"~|stream",
                "~\"stream_options\":{\"include_usage\":true}~|stream_options",
                "~\"stream\":true,\"stream_options\":{\"include_usage\":1}~|stream_options.include_usage",
                "~\"n\":0~|n",
                "~\"n\":-1~|n",
                "~\"n\":1.5~|n",
                "~\"n\":2147483648~|n",
                "~\"n\":1e999999~|n",
                "~\"max_tokens\":0~|max_tokens",
                "~\"max_tokens\":9223372036854775807~|max_tokens",
                "~\"max_completion_tokens\":\"10\"~|max_completion_tokens",
                "~\"stop\":5~|stop",
                "~\"stop\":[\"a\",\"b\",\"c\",\"d\",\"e\"]~|stop",
                "~\"top_logprobs\":3~|top_logprobs",
                "~\"logprobs\":true,\"top_logprobs\":21~|top_logprobs",
                "~\"temperature\":2.5~|temperature",
                "~\"tools\":[{\"type\":\"custom\"}]~|tools[0].type",
                "~\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"a b\"}}]~|tools[0].function.name",
                "~\"tool_choice\":\"auto\"~|tool_choice",
                "~\"response_format\":{\"type\":\"xml\"}~|response_format.type",
                "~\"response_format\":{\"type\":\"json_schema\"}~|response_format.json_schema",
                "~\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"schema\":{}}}~|response_format.json_schema.name"
            })
    void aWrongFieldIsNamed(String fields, String param) {
        var heard = Heard.chat(
                vertx,
                "echo",
                "{\"model\":\"echo\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]," + fields + "}");

        assertThat(heard.status()).isEqualTo(400);
        var error = heard.json().path("error");
        assertThat(error.path("param").asString()).isEqualTo(param);
        assertThat(error.path("type").asString()).isEqualTo("invalid_request_error");
        assertThat(error.path("message").asString()).hasSizeGreaterThan(20);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "nonsense", "[]", "\"x\"", "{", "{\"a\":1}}", "{\"a\":1} {}", "{\"a\":01}", "\u0000"})
    void whatIsNotAJsonObjectIsRefused(String body) {
        var heard = Heard.chat(vertx, "echo", body);

        assertThat(heard.status()).isEqualTo(400);
        assertThat(heard.json().at("/error/param").isNull()).isTrue();
    }

    @Test
    void whatIsNestedTooDeeplyIsRefused() {
        var heard = Heard.chat(vertx, "echo", "{\"messages\":" + "[".repeat(100_000));

        assertThat(heard.status()).isEqualTo(400);
    }

    @Test
    void unknownFieldsAreIgnored() {
        // FAILURES 93
        var heard = Heard.chat(
                vertx,
                "echo",
                "{\"model\":\"echo\",\"messages\":[{\"role\":\"user\",\"content\":\"x\",\"extra\":[{}]}],"
                        + "\"seed\":null,\"user\":\"u\",\"service_tier\":\"flex\",\"temperature\":0,\"new\":{\"deep\":[1e999]}}");

        assertThat(heard.status()).isEqualTo(200);
    }

    @Test
    void unknownModelsAndPathsAre404() {
        assertThat(Heard.chat(vertx, "cut-x", "{}").json().at("/error/code").asString())
                .isEqualTo("model_not_found");
        assertThat(Heard.whole(vertx, "echo", "/responses", "{}").status()).isEqualTo(404);
        assertThat(Heard.chat(
                                vertx,
                                "embed",
                                "{\"model\":\"embed\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void anyCutsOfTheBodyReadTheSame() {
        // FAILURES 7
        // Given
        var body = Buffer.buffer(
                "{\"model\":\"echo\",\"messages\":[{\"role\":\"user\",\"content\":\"héllo 你好 🦄 \\ud83e\\udd84\"}]}");
        var expected = Heard.chat(vertx, "echo", body.toString()).json().path("choices");
        var random = new SplittableRandom(7);

        for (int round = 0; round < 50; round++) {
            // When
            var pieces = Unpooled.compositeBuffer(100);
            for (int at = 0; at < body.length(); ) {
                int end = Math.min(body.length(), at + random.nextInt(4));
                pieces.addComponent(true, ((BufferInternal) body.slice(at, end)).getByteBuf());
                at = end;
            }
            var heard = Heard.start(vertx, "echo", "/chat/completions", BufferInternal.buffer(pieces))
                    .heard()
                    .untilOver();

            // Then
            assertThat(heard.json().path("choices")).isEqualTo(expected);
        }
    }
}
