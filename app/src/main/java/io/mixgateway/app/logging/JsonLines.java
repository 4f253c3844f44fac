package io.mixgateway.app.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.Encoder;
import io.mixgateway.platform.privacy.DataMap;
import net.logstash.logback.encoder.LogstashEncoder;
import net.logstash.logback.mask.MaskingJsonGeneratorDecorator;

/** One JSON object a line, for machines: time, level, logger, message, and of the event's own keys those that DataMap declares. */
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
        // What DataMap does not declare is not written, whoever logs it.
        encoder.setIncludeMdc(false);
        encoder.setIncludeContext(false);
        encoder.setIncludeTags(false);
        encoder.setIncludeNonStructuredArguments(false);
        encoder.setIncludeStructuredArguments(false);
        DataMap.logFields().forEach(encoder::addIncludeKeyValueKeyName);
        encoder.addDecorator(masking);
        return encoder;
    }
}
