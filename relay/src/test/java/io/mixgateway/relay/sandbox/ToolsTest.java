package io.mixgateway.relay.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class ToolsTest {
    private static final String USER = "{\"role\":\"user\",\"content\":\"Weather in Paris?\"}";
    private static final String CALLED = USER
            + ",{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"call_1\",\"type\":\"function\","
            + "\"function\":{\"name\":\"get_weather\",\"arguments\":\"{}\"}}]}"
            + ",{\"role\":\"tool\",\"tool_call_id\":\"call_1\",\"content\":\"22 degrees ☀️\"}";
    private static final String TOOLS = """
            "tools":[
              {"type":"function","function":{"name":"get_weather","parameters":{"type":"object",
                "properties":{"location":{"type":"string"},"unit":{"enum":["c","f"]},"where":{"$ref":"#/$defs/p"}},
                "required":["location"],"$defs":{"p":{"type":"integer","minimum":5}}}}},
              {"type":"function","function":{"name":"get_time"}}]""";

    private static Vertx vertx;

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stop() {
        vertx.close().await();
    }

    private static String body(String messages, String more) {
        return "{\"model\":\"echo\",\"messages\":[" + messages + "]," + TOOLS + (more.isEmpty() ? "" : "," + more)
                + "}";
    }

    private static List<String> called(JsonNode answer) {
        var names = new ArrayList<String>();
        answer.at("/choices/0/message/tool_calls")
                .forEach(call -> names.add(call.at("/function/name").asString()));
        return names;
    }

    @Test
    void callsEachToolWithArgumentsOfItsSchema() {
        var answer = Heard.chat(vertx, "echo", body(USER, "")).json();

        assertThat(called(answer)).containsExactly("get_weather", "get_time");
        assertThat(answer.at("/choices/0/finish_reason").asString()).isEqualTo("tool_calls");
        assertThat(answer.at("/choices/0/message/content").isNull()).isTrue();
        assertThat(answer.at("/choices/0/message/tool_calls/0/function/arguments")
                        .asString())
                .isEqualTo("{\"location\":\"location\",\"unit\":\"c\",\"where\":5}");
        assertThat(answer.at("/choices/0/message/tool_calls/1/function/arguments")
                        .asString())
                .isEqualTo("{}");
        assertThat(answer.at("/choices/0/message/tool_calls/0/id").asString()).startsWith("call_");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            value = {
                "~\"parallel_tool_calls\":false~,get_weather",
                "~\"tool_choice\":\"none\"~,~~",
                "~\"tool_choice\":\"auto\"~,get_weather get_time",
                "~\"tool_choice\":\"required\"~,get_weather get_time",
                "~\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"get_time\"}}~,get_time",
                "~\"tool_choice\":{\"type\":\"allowed_tools\",\"allowed_tools\":{\"mode\":\"required\",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"get_time\"}}]}}~,get_time"
            })
    void toolChoiceIsHonoured(String more, String names) {
        var answer = Heard.chat(vertx, "echo", body(USER, more)).json();

        assertThat(String.join(" ", called(answer))).isEqualTo(names);
    }

    @Test
    void afterAToolsResultItAnswersWithIt() {
        var answer = Heard.chat(vertx, "echo", body(CALLED, "")).json();

        assertThat(called(answer)).isEmpty();
        assertThat(answer.at("/choices/0/message/content").asString())
                .startsWith("The tool get_weather answered: 22 degrees ☀️");
    }

    @Test
    void requiredMeansACallEvenAfterAResult() {
        var answer = Heard.chat(vertx, "echo", body(CALLED, "\"tool_choice\":\"required\""))
                .json();

        assertThat(called(answer)).hasSize(2);
    }

    @Test
    void aStreamDeliversTheSameCallsPieceByPiece() {
        // When
        var plain = Heard.chat(vertx, "echo", body(USER, "")).json();
        var stream =
                Heard.chat(vertx, "echo", body(USER, "\"stream\":true,\"stream_options\":{\"include_usage\":true}"));

        // Then
        var names = new TreeMap<Integer, String>();
        var arguments = new TreeMap<Integer, String>();
        for (JsonNode chunk : stream.chunks()) {
            for (JsonNode call : chunk.at("/choices/0/delta/tool_calls")) {
                int index = call.path("index").asInt();
                if (call.has("id")) {
                    names.put(index, call.at("/function/name").asString());
                }
                arguments.merge(index, call.at("/function/arguments").asString(), String::concat);
            }
        }
        assertThat(names.values()).containsExactly("get_weather", "get_time");
        assertThat(arguments.get(0))
                .isEqualTo(plain.at("/choices/0/message/tool_calls/0/function/arguments")
                        .asString());
        assertThat(stream.chunks().getLast().path("usage")).isEqualTo(plain.path("usage"));
        assertThat(stream.chunks()
                        .get(stream.chunks().size() - 2)
                        .at("/choices/0/finish_reason")
                        .asString())
                .isEqualTo("tool_calls");
    }

    @Test
    void aLimitCutsTheArguments() {
        var answer = Heard.chat(vertx, "echo", body(USER, "\"max_tokens\":5")).json();

        assertThat(answer.at("/choices/0/finish_reason").asString()).isEqualTo("length");
        assertThat(answer.at("/usage/completion_tokens").asInt()).isEqualTo(5);
    }

    @Test
    void jsonModesAnswerJson() {
        var schema = "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"s\",\"strict\":true,"
                + "\"schema\":{\"type\":\"object\",\"properties\":{\"colors\":{\"type\":\"array\",\"minItems\":2,"
                + "\"items\":{\"type\":\"string\"}}},\"required\":[\"colors\"],\"additionalProperties\":false}}}";

        var shaped = Heard.chat(vertx, "echo", "{\"model\":\"echo\",\"messages\":[" + USER + "]," + schema + "}")
                .json();
        var any = Heard.chat(
                        vertx,
                        "echo",
                        "{\"model\":\"echo\",\"messages\":[" + USER
                                + "],\"response_format\":{\"type\":\"json_object\"}}")
                .json();

        assertThat(shaped.at("/choices/0/message/content").asString())
                .isEqualTo("{\"colors\":[\"colors\",\"colors\"]}");
        assertThat(any.at("/choices/0/message/content").asString())
                .isEqualTo("{\"echo\":\"Weather in Paris?\",\"choice\":1}");
    }

    @Test
    void aSchemaThatCannotBeSatisfiedIsRefusedByName() {
        var heard = Heard.chat(
                vertx,
                "echo",
                "{\"model\":\"echo\",\"messages\":[" + USER
                        + "],\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{\"not\":{}}}}]}");

        assertThat(heard.status()).isEqualTo(400);
        assertThat(heard.json().at("/error/param").asString()).isEqualTo("tools[0].function.parameters");
        assertThat(heard.json().at("/error/code").asString()).isEqualTo("invalid_json_schema");
    }
}
