package io.mixgateway.relay.sandbox;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the keywords of a schema. One of the wrong type is as good as absent. */
final class SchemaWords {
    private SchemaWords() {}

    static Optional<BigDecimal> number(Json.Obj schema, String word) {
        return schema.get(word) instanceof Json.Num number ? Optional.of(number.value()) : Optional.empty();
    }

    /** A count; one that is out of all proportion becomes {@code Integer.MAX_VALUE}. */
    static int count(Json.Obj schema, String word, int otherwise) {
        var number = number(schema, word);
        if (number.isEmpty() || number.get().signum() < 0) {
            return otherwise;
        }
        return number.get().compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) > 0
                ? Integer.MAX_VALUE
                : number.get().intValue();
    }

    static Optional<String> string(Json.Obj schema, String word) {
        return schema.get(word) instanceof Json.Str(var value) ? Optional.of(value) : Optional.empty();
    }

    static boolean flag(Json.Obj schema, String word) {
        return schema.get(word) instanceof Json.Bool(boolean value) && value;
    }

    static List<Json> list(Json.Obj schema, String word) {
        return schema.get(word) instanceof Json.Arr(var items) ? items : List.of();
    }

    static Map<String, Json> map(Json.Obj schema, String word) {
        return schema.get(word) instanceof Json.Obj object ? object.fields() : Map.of();
    }

    static List<String> strings(Json.Obj schema, String word) {
        return strings(schema.get(word));
    }

    /** One string, or a list of them. */
    static List<String> strings(@Nullable Json value) {
        return switch (value) {
            case Json.Str(var one) -> List.of(one);
            case Json.Arr(var items) ->
                items.stream()
                        .filter(Json.Str.class::isInstance)
                        .map(item -> ((Json.Str) item).value())
                        .toList();
            case null, default -> List.of();
        };
    }

    /** JSON Schema's word for what a value is; a whole number is an {@code integer}. */
    static String typeOf(Json value) {
        return switch (value) {
            case Json.Obj _ -> "object";
            case Json.Arr _ -> "array";
            case Json.Str _ -> "string";
            case Json.Num number -> number.isInteger() ? "integer" : "number";
            case Json.Bool _ -> "boolean";
            case Json.Null _ -> "null";
        };
    }

    static boolean isOfType(Json value, String type) {
        var own = typeOf(value);
        return own.equals(type) || (own.equals("integer") && type.equals("number"));
    }
}
