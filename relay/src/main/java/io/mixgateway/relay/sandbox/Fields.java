package io.mixgateway.relay.sandbox;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one object of a request, read the way OpenAI reads them: {@code null} is as good as absent, and what
 * has the wrong type is refused by name.
 */
record Fields(String path, Json.Obj object) {
    static Fields root(Json.Obj object) {
        return new Fields("", object);
    }

    static Fields of(String path, Json value) {
        if (value instanceof Json.Obj object) {
            return new Fields(path, object);
        }
        throw Invalid.type(path, "an object", value);
    }

    String pathOf(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    @Nullable
    Json at(String name) {
        var value = object.get(name);
        return value instanceof Json.Null ? null : value;
    }

    Json required(String name) {
        var value = at(name);
        if (value == null) {
            throw Invalid.missing(pathOf(name));
        }
        return value;
    }

    Optional<String> string(String name) {
        return switch (at(name)) {
            case null -> Optional.empty();
            case Json.Str string -> Optional.of(string.value());
            case Json other -> throw Invalid.type(pathOf(name), "a string", other);
        };
    }

    String requiredString(String name) {
        required(name);
        return string(name).orElseThrow();
    }

    boolean flag(String name, boolean otherwise) {
        return switch (at(name)) {
            case null -> otherwise;
            case Json.Bool bool -> bool.value();
            case Json other -> throw Invalid.type(pathOf(name), "a boolean", other);
        };
    }

    OptionalLong integer(String name, long least, long most) {
        var value = at(name);
        if (value == null) {
            return OptionalLong.empty();
        }
        if (!(value instanceof Json.Num number) || !number.isInteger()) {
            throw Invalid.type(pathOf(name), "an integer", value);
        }
        within(name, number.value(), BigDecimal.valueOf(least), BigDecimal.valueOf(most));
        return OptionalLong.of(number.value().longValueExact());
    }

    /** Refuses a number outside of the bounds; the sandbox has no use for its value. */
    void checkNumber(String name, int least, int most) {
        switch (at(name)) {
            case null -> {}
            case Json.Num number -> within(name, number.value(), BigDecimal.valueOf(least), BigDecimal.valueOf(most));
            case Json other -> throw Invalid.type(pathOf(name), "a decimal number", other);
        }
    }

    private void within(String name, BigDecimal value, BigDecimal least, BigDecimal most) {
        if (value.compareTo(least) < 0) {
            throw new Invalid(
                    "Invalid '" + pathOf(name) + "': below minimum value. Expected a value >= " + least.toPlainString()
                            + ", but got " + value + " instead.",
                    pathOf(name),
                    "integer_below_min_value");
        }
        if (value.compareTo(most) > 0) {
            throw new Invalid(
                    "Invalid '" + pathOf(name) + "': above maximum value. Expected a value <= " + most.toPlainString()
                            + ", but got " + value + " instead.",
                    pathOf(name),
                    "integer_above_max_value");
        }
    }

    Optional<Fields> object(String name) {
        var value = at(name);
        return value == null ? Optional.empty() : Optional.of(of(pathOf(name), value));
    }

    Optional<List<Json>> array(String name, int most) {
        var value = at(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof Json.Arr(var items))) {
            throw Invalid.type(pathOf(name), "an array", value);
        }
        if (items.size() > most) {
            throw new Invalid(
                    "Invalid '" + pathOf(name) + "': array too long. Expected an array with maximum length " + most
                            + ", but got an array with length " + items.size() + " instead.",
                    pathOf(name),
                    "array_above_max_length");
        }
        return Optional.of(items);
    }
}
