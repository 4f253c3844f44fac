package io.mixgateway.app.config;

import io.mixgateway.relay.catalog.Secret;
import io.mixgateway.relay.money.Nanos;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** How single values are written in the file, by type. */
final class Scalars {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s?(ms|s|m|h|d)");
    private static final Pattern PRICE = Pattern.compile("\\d{1,6}(\\.\\d{1,9})?");

    private static final Pattern UNDERSCORE_IN_HOST = Pattern.compile("^https?://([^/?#]*@)?[^/?#:@]*_");

    private static final Map<Class<?>, Scalar<?>> KNOWN = Map.ofEntries(
            scalar(String.class, "text", "text", Scalars::text),
            scalar(boolean.class, "yes or no", "true or false", Scalars::bool),
            scalar(int.class, "number", "a whole number", Integer::valueOf),
            scalar(Long.class, "number", "a whole number", Long::valueOf),
            scalar(Duration.class, "duration", "a duration such as 500ms, 2s, 30m or 1h", Scalars::duration),
            scalar(DataSize.class, "size", "a size such as 512kB or 20MB", DataSize::parse),
            scalar(Nanos.class, "price", "US dollars such as 0.40: 0 or more, at most nine places", Scalars::price),
            scalar(URI.class, "address", "an address such as https://api.example.com/v1", Scalars::address),
            scalar(Path.class, "file", "the path of a file", Scalars::path),
            scalar(LocalDate.class, "date", "a date such as 2026-08-01", LocalDate::parse),
            scalar(Secret.class, "secret", "a secret in visible characters", value -> new Secret(text(value))));

    private Scalars() {}

    /**
     * One kind of value.
     *
     * @param kind for the documentation
     * @param form for messages, after "expected: "
     * @param read throws {@link IllegalArgumentException} or {@link ArithmeticException} for what does not fit
     */
    record Scalar<T>(String kind, String form, Function<String, T> read) {
        /** The value, or empty when the text is not one. */
        Optional<T> parse(String text) {
            try {
                return Optional.of(read.apply(text));
            } catch (IllegalArgumentException | ArithmeticException | DateTimeParseException _) {
                return Optional.empty();
            }
        }
    }

    private static <T> Map.Entry<Class<?>, Scalar<?>> scalar(
            Class<T> type, String kind, String form, Function<String, T> read) {
        return Map.entry(type, new Scalar<>(kind, form, read));
    }

    /** How values of this type are written, if it is not a record, list or map. */
    static Optional<Scalar<?>> of(Class<?> type) {
        return type.isEnum() ? Optional.of(oneOf(type)) : Optional.ofNullable(KNOWN.get(type));
    }

    private static Scalar<?> oneOf(Class<?> type) {
        List<String> names = words(type);
        return new Scalar<Object>("one of " + String.join(", ", names), String.join(", ", names), text -> {
            int at = names.indexOf(text);
            if (at < 0) {
                throw new IllegalArgumentException("not one of them");
            }
            return type.getEnumConstants()[at];
        });
    }

    /** An enum's constants as the file writes them: in kebab-case. */
    static List<String> words(Class<?> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(constant ->
                        ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .toList();
    }

    private static String text(String value) {
        if (value.isBlank() || value.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("empty, or with control characters");
        }
        return value;
    }

    private static Boolean bool(String value) {
        return switch (value) {
            case "true" -> Boolean.TRUE;
            case "false" -> Boolean.FALSE;
            default -> throw new IllegalArgumentException("neither");
        };
    }

    private static Duration duration(String value) {
        var parts = DURATION.matcher(value);
        if (!parts.matches()) {
            throw new IllegalArgumentException("not a duration");
        }
        long count = Long.parseLong(parts.group(1));
        return switch (parts.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
    }

    /** Below a million dollars, without exponent, sign or rounding: a price that was mistyped must not come through. */
    private static Nanos price(String value) {
        if (!PRICE.matcher(value).matches()) {
            throw new IllegalArgumentException("not a price");
        }
        return Nanos.parse(value);
    }

    private static URI address(String value) {
        var uri = URI.create(value.replaceAll("/+$", ""));
        boolean web = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
        boolean plain = uri.getRawUserInfo() == null && uri.getRawQuery() == null && uri.getRawFragment() == null;
        if (!web || uri.getHost() == null || !plain || uri.getPort() == 0 || uri.getPort() > 65535) {
            throw new IllegalArgumentException("not an address");
        }
        return uri;
    }

    /** What keeps the text from being a value of the type, where more can be said than which form was expected. */
    static Optional<String> fault(Class<?> type, String text) {
        return type == URI.class && UNDERSCORE_IN_HOST.matcher(text).find()
                ? Optional.of("a host name with an underscore (_) cannot be called"
                        + " (expected: another name for that host, such as one with a hyphen, or its IP address)")
                : Optional.empty();
    }

    private static Path path(String value) {
        try {
            return Path.of(text(value));
        } catch (InvalidPathException invalid) {
            throw new IllegalArgumentException("not a path", invalid);
        }
    }
}
