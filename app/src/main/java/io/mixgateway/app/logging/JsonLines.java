package io.mixgateway.app.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.Encoder;
import net.logstash.logback.encoder.LogstashEncoder;
import net.logstash.logback.mask.MaskingJsonGeneratorDecorator;

/** One JSON object a line, for machines: time, level, logger, message, and the event's own keys beside them. */
final class JsonLines {
    private JsonLines() {}

    static Encoder<ILoggingEvent> encoder() {
        var masking = new MaskingJsonGeneratorDecorator();
        masking.addValueMasker(
                (_, value) -> value instanceof CharSequence text ? SecretMask.mask(text.toString()) : null);
        masking.start();
        var encoder = new LogstashEncoder();
        encoder.setVersion(null);
        encoder.setTimeZone("UTC");
        encoder.addDecorator(masking);
        return encoder;
    }
}
