package io.mixgateway.relay.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mixgateway.relay.admit.HoldSize;
import io.mixgateway.relay.call.CallRefused;
import io.mixgateway.relay.content.RequestContent;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpliceTest {

    // FAILURES 1, 93
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "{\"model\":\"a\",\"stream\":true}|{\"stream_options\":{\"include_usage\":true},\"model\":\"b\",\"stream\":true}",
                "{ \"model\" : \"a\" , \"stream_options\":null}|{ \"model\" : \"b\" , \"stream_options\":{\"include_usage\":true}}",
                "{\"stream_options\":{},\"model\":\"a\"}|{\"stream_options\":{\"include_usage\":true},\"model\":\"b\"}",
                "{\"stream_options\":{ \"x\":1e400},\"model\":\"a\"}|{\"stream_options\":{\"include_usage\":true, \"x\":1e400},\"model\":\"b\"}",
                "{\"stream_options\":{\"include_usage\": false },\"model\":\"a\"}|{\"stream_options\":{\"include_usage\": true },\"model\":\"b\"}",
                "{\"stream_options\":{\"include_usage\":true},\"model\":\"\\u0061\"}|{\"stream_options\":{\"include_usage\":true},\"model\":\"b\"}",
            })
    void changesOnlyModelAndStreamOptions(String sent, String expected) {
        assertThat(spliced(sent, "b")).isEqualTo(expected);
    }

    // FAILURES 2
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "{\"model\":\"a\",\"stream\":true}|{\"model\":\"a\",\"stream\":true}",
                "{\"model\":\"a\",\"stream_options\":{\"include_usage\":true}}|{\"model\":\"a\"}",
                "{\"stream_options\":{\"include_usage\":true},\"model\":\"a\"}|{\"model\":\"a\"}",
                "{ \"stream_options\" : {\"x\":[1,{}]} , \"model\":\"a\" }|{  \"model\":\"a\" }",
                "{\"model\":\"a\" ,\t\"stream\\u005foptions\" : null, \"n\":1}|{\"model\":\"a\" , \"n\":1}",
            })
    void leavesStreamOptionsOut(String sent, String expected) {
        var splice = new Splice(read(sent)).model("a").withoutStreamOptions();
        assertThat(new String(splice.joined(), StandardCharsets.UTF_8)).isEqualTo(expected);
    }

    @Test
    void leavesABodyAloneThatNeedsNothing() {
        var body = "{\"model\":\"a\",\"stream_options\":{\"include_usage\":true},\"x\":\"한\\ud83d\\ude00\"}";
        assertThat(spliced(body, "a")).isEqualTo(body);
    }

    // FAILURES 35
    @ParameterizedTest
    @ValueSource(strings = {"2147483648", "0", "-1", "1.5", "\"2\"", "1e2", "99999999999999999999999999", "[]", "129"})
    void refusesAnImpossibleNumberOfChoices(String n) {
        assertThatThrownBy(() -> read("{\"model\":\"a\",\"n\":" + n + "}"))
                .isInstanceOfSatisfying(
                        CallRefused.class,
                        refused -> assertThat(refused.param()).isEqualTo("n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"9223372036854775807", "-1", "1.5", "\"9\"", "{}"})
    void refusesAnImpossibleMaxTokens(String maxTokens) {
        assertThatThrownBy(() -> read("{\"model\":\"a\",\"max_tokens\":" + maxTokens + "}"))
                .isInstanceOfSatisfying(
                        CallRefused.class,
                        refused -> assertThat(refused.param()).isEqualTo("max_tokens"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "nul",
                "{\"model\":\"a\"",
                "{\"model\":\"a\"} {}",
                "{\"model\":1}",
                "{}",
                "{\"model\":\"a\",\"model\":\"b\"}",
                "{\"model\":\"a\",\"stream\":\"yes\"}",
                "{\"model\":\"a\",\"stream_options\":[]}",
                "\u0000",
                "{\"model\":\"\"}"
            })
    void refusesWhatIsNotARequest(String body) {
        assertThatThrownBy(() -> read(body)).isInstanceOf(CallRefused.class);
    }

    @Test
    void refusesNestingWithoutEnd() {
        assertThatThrownBy(() -> read("{\"model\":\"a\",\"x\":" + "[".repeat(100_000)))
                .isInstanceOf(CallRefused.class);
    }

    @Test
    void countsPromptTextAndMediaApart() {
        var view = read(
                "{\"model\":\"a\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"hello\"},"
                        + "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,"
                        + "A".repeat(100_000) + "\"}}]}],\"n\":3,\"max_tokens\":7}");
        assertThat(view.mediaParts()).isEqualTo(1);
        assertThat(view.promptBytes()).isBetween(5, 200);
        assertThat(view.choices()).isEqualTo(3);
        assertThat(view.maxTokens()).hasValue(7);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"messages\":[{\"role\":\"user\",\"content\":\"data:TEXT\"}]",
                "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"data:TEXT\"}]}]",
                "\"input\":[\"data:TEXT\"]",
                "\"input\":\"http://TEXT\"",
                "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{\"data\":\"TEXT\"}}}]"
            })
    void textThatBeginsLikeAFileIsHeldForAsText(String prompt) {
        var view = read("{\"model\":\"a\"," + prompt.replace("TEXT", "word ".repeat(2_000)) + "}");

        assertThat(view.mediaParts()).isZero();
        assertThat(view.promptBytes()).isGreaterThan(10_000);
    }

    @Test
    void aPromptOfTokenIdsIsHeldForAsSoManyTokens() {
        var view = read("{\"model\":\"a\",\"input\":[[" + "17,".repeat(999) + "17],[4]]}");

        assertThat(HoldSize.roughPromptTokens(view)).isBetween(1_001L, 1_020L);
    }

    private static RequestView read(String body) {
        return RequestReader.read(RequestContent.of(body.getBytes(StandardCharsets.UTF_8)));
    }

    private static String spliced(String body, String model) {
        var out = new ByteArrayOutputStream();
        for (var piece : new Splice(read(body)).model(model).askForUsage().pieces()) {
            out.write(piece.array(), piece.from(), piece.to() - piece.from());
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
