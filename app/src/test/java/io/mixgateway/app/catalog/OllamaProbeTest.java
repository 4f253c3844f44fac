package io.mixgateway.app.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;

class OllamaProbeTest {
    @Test
    void readsTheNamesAndNothingElse() {
        assertThat(
                        names(
                                "{\"x\":[1,{\"models\":[]}],\"models\":[{\"name\":\"llama3.2:3b\",\"size\":1,"
                                        + "\"details\":{\"name\":\"no\"}},{\"model\":\"no\"},{\"name\":\"bad name\"},{\"name\":\"qwen3\"}]}"))
                .containsExactly("llama3.2:3b", "qwen3");
    }

    @Test
    void whatIsNotAnOllamaHasNoModels() {
        assertThat(names("[]")).isEmpty();
        assertThat(names("{\"models\":null}")).isEmpty();
        assertThatThrownBy(() -> names("<html>")).isInstanceOf(JacksonException.class);
    }

    @Test
    void nobodyThereIsNoModels() {
        assertThat(OllamaProbe.models(URI.create("http://127.0.0.1:1"))).isEmpty();
    }

    private static java.util.List<String> names(String json) {
        return OllamaProbe.names(json.getBytes(StandardCharsets.UTF_8));
    }
}
