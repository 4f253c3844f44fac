package io.mixgateway.platform.store;

import io.mixgateway.relay.catalog.Secret;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;

/** Connections of the driver, with a limit to every wait and nothing personal in its messages. */
final class Connections {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);

    private Connections() {}

    /** @param silence the longest wait for a byte of an answer */
    static Connection open(DatabaseUrl url, String name, Duration silence) throws SQLException {
        var properties = properties(url, name, silence);
        url.user().ifPresent(user -> properties.setProperty("user", user));
        url.password().map(Secret::reveal).ifPresent(password -> properties.setProperty("password", password));
        return DriverManager.getConnection(url.jdbc(), properties);
    }

    /** What the driver is told beside URL, user and password. */
    static Properties properties(DatabaseUrl url, String name, Duration silence) {
        var properties = new Properties();
        properties.setProperty("ApplicationName", name);
        properties.setProperty("connectTimeout", Long.toString(CONNECT_LIMIT.toSeconds()));
        properties.setProperty(
                "loginTimeout", Long.toString(CONNECT_LIMIT.multipliedBy(2).toSeconds()));
        properties.setProperty("socketTimeout", Long.toString(silence.toSeconds()));
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("reWriteBatchedInserts", "true");
        // "Key (email)=(…) already exists" is a person's data in an exception.
        properties.setProperty("logServerErrorDetail", "false");
        // What the URL says wins.
        url.parameters().keySet().forEach(properties::remove);
        return properties;
    }
}
