package io.mixgateway.platform.store;

import static java.util.Objects.requireNonNull;

import io.mixgateway.relay.catalog.Secret;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a PostgreSQL database is and who we are there. Prints without the password.
 *
 * @param hosts {@code host}, {@code host:port}, or several with commas, as the driver takes them
 * @param parameters what else the URL said, such as {@code sslmode}; given to the driver as it is
 */
public record DatabaseUrl(
        String hosts,
        String database,
        Optional<String> user,
        Optional<Secret> password,
        Map<String, String> parameters) {
    private static final Pattern FORM = Pattern.compile(
            "(?:jdbc:postgresql|postgresql|postgres)://(?:(?<credentials>[^/?]*)@)?(?<hosts>[^/?@]+)/(?<database>[^/?]+)(?:\\?(?<query>.*))?");

    public DatabaseUrl {
        requireNonNull(hosts, "hosts");
        requireNonNull(database, "database");
        requireNonNull(user, "user");
        requireNonNull(password, "password");
        parameters = Map.copyOf(parameters);
    }

    /**
     * Reads {@code postgres://user:password@host:5432/database?sslmode=require}, the same with {@code postgresql://},
     * or {@code jdbc:postgresql://host/database?user=…&password=…}. Percent signs escape as in any URL.
     *
     * @throws StartRefused for anything else; its message does not repeat the text, which may hold a password
     */
    public static DatabaseUrl parse(String text) {
        var matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            throw new StartRefused("The database URL cannot be read: write it like"
                    + " postgres://user:password@host:5432/database or jdbc:postgresql://host/database?user=…");
        }
        try {
            var parameters = parameters(matcher.group("query"));
            var user = Optional.ofNullable(parameters.remove("user"));
            var password = Optional.ofNullable(parameters.remove("password"));
            String credentials = matcher.group("credentials");
            if (credentials != null) {
                int colon = credentials.indexOf(':');
                user = Optional.of(decode(colon < 0 ? credentials : credentials.substring(0, colon)));
                password = colon < 0 ? password : Optional.of(decode(credentials.substring(colon + 1)));
            }
            return new DatabaseUrl(
                    matcher.group("hosts"),
                    decode(matcher.group("database")),
                    user,
                    password.map(Secret::new),
                    parameters);
        } catch (IllegalArgumentException _) {
            // The decoder's own message repeats what it could not decode, which may be the password.
            throw new StartRefused("The database URL has a percent sign that is no escape: write it as %25.");
        }
    }

    private static Map<String, String> parameters(@org.jspecify.annotations.Nullable String query) {
        var parameters = new LinkedHashMap<String, String>();
        if (query == null || query.isEmpty()) {
            return parameters;
        }
        for (String pair : query.split("&")) {
            int equals = pair.indexOf('=');
            parameters.put(
                    decode(equals < 0 ? pair : pair.substring(0, equals)),
                    equals < 0 ? "" : decode(pair.substring(equals + 1)));
        }
        return parameters;
    }

    private static String decode(String text) {
        // A plus is a plus here: only forms write a space so.
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** For the driver, without credentials. */
    String jdbc() {
        var url = new StringBuilder("jdbc:postgresql://")
                .append(hosts)
                .append('/')
                .append(encode(database));
        char separator = '?';
        for (var parameter : parameters.entrySet()) {
            url.append(separator).append(encode(parameter.getKey())).append('=').append(encode(parameter.getValue()));
            separator = '&';
        }
        return url.toString();
    }

    /** The same place and credentials, another database of it. */
    DatabaseUrl withDatabase(String name) {
        return new DatabaseUrl(hosts, name, user, password, parameters);
    }

    /** Host and database: what may be shown. */
    @Override
    public String toString() {
        return hosts + "/" + database;
    }
}
