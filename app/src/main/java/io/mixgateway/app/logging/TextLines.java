package io.mixgateway.app.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import io.mixgateway.platform.privacy.DataMap;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Set;

/** One line for a person's eyes: {@code 12:03:44.120 INFO  gateway: Ready on http://127.0.0.1:8080 port=8080}. */
final class TextLines extends EncoderBase<ILoggingEvent> {
    private static final byte[] NOTHING = new byte[0];
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");

    private final Set<String> declared = DataMap.logFields();
    private final ZoneId zone = ZoneId.systemDefault();

    @Override
    public byte[] headerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        var line = new StringBuilder(160);
        TIME.formatTo(Instant.ofEpochMilli(event.getTimeStamp()).atZone(zone), line);
        line.append(' ').append(event.getLevel());
        if (event.getLevel().toString().length() == 4) {
            line.append(' ');
        }
        line.append(' ').append(lastWord(event.getLoggerName())).append(": ").append(event.getFormattedMessage());
        var pairs = event.getKeyValuePairs();
        if (pairs != null) {
            pairs.stream()
                    .filter(pair -> declared.contains(pair.key))
                    .forEach(pair ->
                            line.append(' ').append(pair.key).append('=').append(pair.value));
        }
        line.append('\n');
        if (event.getThrowableProxy() != null) {
            line.append(ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
        return SecretMask.mask(line.toString()).getBytes(StandardCharsets.UTF_8);
    }

    private static String lastWord(String loggerName) {
        return loggerName.substring(loggerName.lastIndexOf('.') + 1);
    }

    @Override
    public byte[] footerBytes() {
        return NOTHING;
    }
}
