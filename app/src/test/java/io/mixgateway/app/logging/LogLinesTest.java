package io.mixgateway.app.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.encoder.Encoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;
import tools.jackson.databind.json.JsonMapper;

class LogLinesTest {
    private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();

    @ParameterizedTest
    @ValueSource(strings = {"json", "text"})
    void aLineSaysWhatHappenedAndMasksWhatLooksLikeACredential(String form) {
        var line = encode(form.equals("json") ? JsonLines.encoder() : new TextLines());

        assertThat(line)
                .contains("Ready", "models", "19", "IllegalStateException")
                .doesNotContain("CANARY")
                .endsWith("\n");
        if (form.equals("json")) {
            var document = JsonMapper.builder().build().readTree(line);
            assertThat(document.get("message").asString()).startsWith("Ready");
            assertThat(document.get("level").asString()).isEqualTo("INFO");
            assertThat(document.get("models").asInt()).isEqualTo(19);
            assertThat(document.get("@timestamp").asString()).endsWith("Z");
        }
    }

    private String encode(Encoder<ILoggingEvent> encoder) {
        var event = new LoggingEvent(
                "test",
                context.getLogger("io.mixgateway.app.Gateway"),
                Level.INFO,
                "Ready with sk-proj-CANARYCANARYCANARY",
                new IllegalStateException("authorization: Bearer CANARYCANARY"),
                null);
        event.setKeyValuePairs(
                List.of(new KeyValuePair("models", 19), new KeyValuePair("url", "http://h/?key=CANARY")));
        encoder.setContext(context);
        encoder.start();
        return new String(encoder.encode(event), StandardCharsets.UTF_8);
    }
}
