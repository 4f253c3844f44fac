package io.mixgateway.app.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import io.mixgateway.app.config.Settings;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets Logback up in code, found by it as a service: an XML file would be parsed at every start.
 *
 * <p>{@code MIXGATEWAY_LOG_FORMAT} is {@code text} or {@code json} (else: text on a terminal, JSON elsewhere);
 * {@code MIXGATEWAY_LOG_LEVEL} is {@code debug}, {@code info}, {@code warn} or {@code error} (else: info).
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_HIGH_PRIORITY)
public final class LogSetup extends ContextAwareBase implements Configurator {
    private static final String[] CHATTY = {
        "com.zaxxer.hikari", "org.flywaydb", "org.jooq", "org.postgresql", "io.netty", "io.vertx", "io.micrometer"
    };

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        var console = new ConsoleAppender<ILoggingEvent>();
        console.setContext(context);
        console.setName("stderr");
        console.setTarget("System.err");
        console.setEncoder(encoder(context));
        console.start();
        var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(levelOf(System.getenv().getOrDefault("MIXGATEWAY_LOG_LEVEL", "info")));
        root.addAppender(console);
        for (String library : CHATTY) {
            context.getLogger(library).setLevel(Level.WARN);
        }
        // jOOQ warns of every PostgreSQL that is older than its newest; which ones we work with, the tests say.
        context.getLogger("org.jooq.impl.DefaultExecuteContext.logVersionSupport")
                .setLevel(Level.ERROR);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** Commands other than {@code serve} answer on the terminal: only faults go to the log. */
    public static void onlyFaults() {
        if (LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME) instanceof ch.qos.logback.classic.Logger root
                && root.getLevel().isGreaterOrEqual(Level.INFO)) {
            root.setLevel(Level.WARN);
        }
    }

    /** Changes the form of the lines to what the configuration says; the environment has said so already. */
    public static void use(Settings.LogFormat format) {
        var wanted = switch (format) {
            case AUTO -> "";
            case JSON -> "json";
            case TEXT -> "text";
        };
        if (!wanted.isEmpty()
                && LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME) instanceof ch.qos.logback.classic.Logger root
                && root.getAppender("stderr") instanceof ConsoleAppender<ILoggingEvent> console) {
            console.setEncoder(encoder(root.getLoggerContext(), wanted));
        }
    }

    private static Encoder<ILoggingEvent> encoder(LoggerContext context) {
        var told = System.getenv().getOrDefault("MIXGATEWAY_LOG_FORMAT", "auto");
        return encoder(context, told.equalsIgnoreCase("auto") ? onTerminal() ? "text" : "json" : told);
    }

    private static Encoder<ILoggingEvent> encoder(LoggerContext context, String format) {
        Encoder<ILoggingEvent> encoder = switch (format.toLowerCase(Locale.ROOT)) {
            case "text" -> new TextLines();
            default -> JsonLines.encoder();
        };
        encoder.setContext(context);
        encoder.start();
        return encoder;
    }

    /** The launcher knows whether standard error is a terminal; the JVM can only tell of all three streams at once. */
    private static boolean onTerminal() {
        return Boolean.getBoolean("mixgateway.terminal");
    }

    private static Level levelOf(String name) {
        return Level.toLevel(name, Level.INFO);
    }
}
