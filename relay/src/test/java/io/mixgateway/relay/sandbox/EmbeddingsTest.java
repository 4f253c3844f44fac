package io.mixgateway.relay.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.vertx.core.Vertx;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class EmbeddingsTest {
    private static Vertx vertx;

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stop() {
        vertx.close().await();
    }

    private static Heard embed(String fields) {
        return Heard.whole(vertx, "embed", "/embeddings", "{\"model\":\"embed\"," + fields + "}");
    }

    private static float[] vector(JsonNode answer, int index) {
        var values = answer.at("/data/" + index + "/embedding");
        var vector = new float[values.size()];
        for (int at = 0; at < vector.length; at++) {
            vector[at] = values.get(at).floatValue();
        }
        return vector;
    }

    private static double product(float[] one, float[] other) {
        double sum = 0;
        for (int at = 0; at < one.length; at++) {
            sum += (double) one[at] * other[at];
        }
        return sum;
    }

    @Test
    void givesUnitVectorsThatAreNearForTextsThatAreNear() {
        var answer = embed("\"input\":[\"the cat sat on the mat\",\"the cat sat on a mat\",\"quarterly revenue grew\"]")
                .json();

        assertThat(answer.path("data")).hasSize(3);
        assertThat(answer.at("/data/2/index").asInt()).isEqualTo(2);
        var cat = vector(answer, 0);
        assertThat(cat).hasSize(256);
        assertThat(product(cat, cat)).isCloseTo(1, within(1e-5));
        assertThat(product(cat, vector(answer, 1))).isGreaterThan(0.6);
        assertThat(product(cat, vector(answer, 2))).isLessThan(0.3);
    }

    @Test
    void base64HoldsTheSameFloats() {
        var floats = vector(embed("\"input\":\"你好 🦄\",\"dimensions\":64").json(), 0);
        var base64 = embed("\"input\":\"你好 🦄\",\"dimensions\":64,\"encoding_format\":\"base64\"")
                .json()
                .at("/data/0/embedding")
                .asString();

        var decoded = new float[64];
        ByteBuffer.wrap(Base64.getDecoder().decode(base64))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(decoded);
        assertThat(decoded).isEqualTo(floats);
    }

    @Test
    void tokensAreAsGoodAsTheirText() {
        var text = embed("\"input\":\"hello world\"").json();
        var ids = java.util.Arrays.toString(Tokens.encode("hello world"));
        var one = embed("\"input\":" + ids).json();
        var listed = embed("\"input\":[" + ids + ",[5]]").json();

        assertThat(vector(one, 0)).isEqualTo(vector(text, 0));
        assertThat(vector(listed, 0)).isEqualTo(vector(text, 0));
        assertThat(listed.path("data")).hasSize(2);
        assertThat(text.at("/usage/prompt_tokens").asInt()).isEqualTo(2);
        assertThat(listed.at("/usage/total_tokens").asInt()).isEqualTo(3);
    }

    @Test
    void manyLargeVectorsComeInPieces() {
        // FAILURES 96
        var heard = embed("\"dimensions\":3072,\"input\":[" + "\"x\",".repeat(199) + "\"x\"]");

        assertThat(heard.json().path("data")).hasSize(200);
        assertThat(heard.pieces.size()).isGreaterThan(20);
    }

    @Test
    void echoEmbedsToo() {
        var heard = Heard.whole(vertx, "echo", "/embeddings", "{\"model\":\"echo\",\"input\":\"x\"}");

        assertThat(heard.json().path("model").asString()).isEqualTo("echo");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '|',
            value = {
                "~\"x\":1~|input",
                "~\"input\":\"\"~|input",
                "~\"input\":[]~|input",
                "~\"input\":5~|input",
                "~\"input\":[[]]~|input[0]",
                "~\"input\":[{}]~|input[0]",
                "~\"input\":[1,\"a\"]~|input",
                "~\"input\":[-1]~|input",
                "~\"input\":\"x\",\"dimensions\":0~|dimensions",
                "~\"input\":\"x\",\"encoding_format\":\"hex\"~|encoding_format"
            })
    void aWrongFieldIsNamed(String fields, String param) {
        var heard = embed(fields);

        assertThat(heard.status()).isEqualTo(400);
        assertThat(heard.json().at("/error/param").asString()).isEqualTo(param);
    }

    @Test
    void aTextThatIsTooLongIsRefused() {
        var heard = embed("\"input\":\"" + "word ".repeat(9000) + "\"");

        assertThat(heard.status()).isEqualTo(400);
        assertThat(heard.json().at("/error/code").asString()).isEqualTo("context_length_exceeded");
    }
}
