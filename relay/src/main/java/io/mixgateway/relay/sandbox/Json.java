package io.mixgateway.relay.sandbox;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A JSON value. Two are equal when JSON Schema calls them equal: numbers by value, objects whatever their order. */
sealed interface Json {
    record Obj(Map<String, Json> fields) implements Json {
        static final Obj EMPTY = new Obj(Map.of());

        /** Keeps the order of {@code fields}, and trusts that nobody changes them. */
        public Obj {
            fields = Collections.unmodifiableMap(fields);
        }

        @Nullable
        Json get(String name) {
            return fields.get(name);
        }

        boolean has(String name) {
            return fields.containsKey(name);
        }

        @Override
        public String toString() {
            return "object(" + fields.size() + " fields)";
        }
    }

    record Arr(List<Json> items) implements Json {
        public Arr {
            items = List.copyOf(items);
        }

        @Override
        public String toString() {
            return "array(" + items.size() + " items)";
        }
    }

    record Str(String value) implements Json {
        @Override
        public String toString() {
            return "string(" + value.length() + " characters)";
        }
    }

    record Num(BigDecimal value) implements Json {
        public Num {
            value = value.stripTrailingZeros();
        }

        static Num of(long value) {
            return new Num(BigDecimal.valueOf(value));
        }

        boolean isInteger() {
            return value.scale() <= 0;
        }
    }

    record Bool(boolean value) implements Json {}

    record Null() implements Json {
        static final Null NULL = new Null();
    }

    /** As OpenAI's complaints name it. */
    default String kind() {
        return switch (this) {
            case Obj _ -> "an object";
            case Arr _ -> "an array";
            case Str _ -> "a string";
            case Num number -> number.isInteger() ? "an integer" : "a decimal number";
            case Bool _ -> "a boolean";
            case Null _ -> "null";
        };
    }
}
