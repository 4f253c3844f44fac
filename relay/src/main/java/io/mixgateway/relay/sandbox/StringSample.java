package io.mixgateway.relay.sandbox;

import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Strings of the length, form and pattern that a schema asks for. */
final class StringSample {
    private static final int LONGEST = 10_000;
    private static final int[] REPETITIONS = {0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 32, 64, 256, 1024};
    private static final int OTHER_CHARACTERS = 40;

    private StringSample() {}

    /** Candidates, likeliest first; {@code salt} makes others. Each must still be checked. */
    static Stream<Json> candidates(Json.Obj schema, String hint, int salt) {
        int least = SchemaWords.count(schema, "minLength", 0);
        int most = SchemaWords.count(schema, "maxLength", Integer.MAX_VALUE);
        if (least > LONGEST) {
            return Stream.empty();
        }
        var formatted = SchemaWords.string(schema, "format").flatMap(format -> ofFormat(format, salt)).stream();
        var patterned =
                SchemaWords.string(schema, "pattern").stream().flatMap(pattern -> ofPattern(pattern, least, salt));
        var plain = Stream.of(fitted(hint, least, most, salt));
        return Stream.concat(Stream.concat(formatted, patterned), plain).map(Json.Str::new);
    }

    /** Longer and longer ones; then, for patterns that look around, ones of other characters. */
    private static Stream<String> ofPattern(String pattern, int least, int salt) {
        var longer = IntStream.of(REPETITIONS)
                .boxed()
                .flatMap(extra -> Stream.of(false, true)
                        .flatMap(optional -> PatternSample.of(pattern, extra, optional, salt).stream()));
        var others = IntStream.range(1, OTHER_CHARACTERS)
                .boxed()
                .flatMap(more -> PatternSample.of(pattern, 0, false, salt + more).stream());
        return Stream.concat(longer, others).flatMap(text -> Stream.of(text, padded(text, least)));
    }

    /** The hint, as long as it must be and no longer than it may be. */
    private static String fitted(String hint, int least, int most, int salt) {
        var text = padded(salt == 0 ? hint : hint + " " + (salt + 1), least);
        int length = text.codePointCount(0, text.length());
        if (length <= most) {
            return text;
        }
        // From the end, where the salt makes the difference.
        return most == 1 && salt > 0
                ? Character.toString('a' + salt % 26)
                : text.substring(text.offsetByCodePoints(text.length(), -most));
    }

    private static String padded(String text, int least) {
        int missing = least - text.codePointCount(0, text.length());
        return missing <= 0 ? text : text + "x".repeat(missing);
    }

    private static Optional<String> ofFormat(String format, int salt) {
        int low = Math.floorMod(salt, 200) + 1;
        int day = Math.floorMod(salt, 28) + 1;
        return Optional.ofNullable(
                switch (format) {
                    case "date-time" -> "2026-01-%02dT09:30:00Z".formatted(day);
                    case "date" -> "2026-01-%02d".formatted(day);
                    case "time" -> "09:30:%02dZ".formatted(Math.floorMod(salt, 60));
                    case "duration" -> "P" + low + "D";
                    case "email", "idn-email" -> "user" + low + "@example.com";
                    case "hostname", "idn-hostname" -> "host" + low + ".example.com";
                    case "ipv4" -> "192.0.2." + low;
                    case "ipv6" -> "2001:db8::" + Integer.toHexString(low);
                    case "uuid" -> "00000000-0000-4000-8000-%012x".formatted(low);
                    case "uri", "iri" -> "https://example.com/" + low;
                    case "uri-reference", "iri-reference" -> "/" + low;
                    case "uri-template" -> "/{id}/" + low;
                    case "json-pointer" -> "/field/" + low;
                    case "relative-json-pointer" -> low + "/field";
                    case "regex" -> "^[a-z]{" + low + "}$";
                    default -> null;
                });
    }
}
