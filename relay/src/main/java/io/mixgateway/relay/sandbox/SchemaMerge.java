package io.mixgateway.relay.sandbox;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Several schemas that one value must satisfy, as one: references followed, {@code allOf} joined, and the choices that
 * {@code anyOf}, {@code oneOf} and {@code if} leave put aside. A pair of keywords that cannot be joined keeps the
 * first, so what is made of the result must be checked against the originals.
 */
final class SchemaMerge {
    /** For each choice, the schemas of which one has to be added. */
    private final List<List<Json>> choices = new ArrayList<>();

    private final Map<String, Json> joined = new LinkedHashMap<>();
    private final Set<String> followed = new HashSet<>();
    private boolean impossible;

    private SchemaMerge() {}

    /**
     * The joined schema.
     *
     * @param schema without references and combinations
     * @param choices each still to be made
     */
    record Joined(Json.Obj schema, List<List<Json>> choices) {}

    /** Null when some of them refuse every value or refer to nothing. */
    static @Nullable Joined of(List<Json> schemas, SchemaWork work) {
        var merge = new SchemaMerge();
        var queue = new ArrayDeque<>(schemas);
        while (!queue.isEmpty()) {
            work.step(0);
            switch (queue.poll()) {
                case Json.Bool(boolean any) -> merge.impossible |= !any;
                case Json.Obj schema -> merge.takeApart(schema, queue, work);
                case Json.Arr _, Json.Str _, Json.Num _, Json.Null _ -> {}
            }
        }
        return merge.impossible ? null : new Joined(new Json.Obj(merge.joined), merge.choices);
    }

    private void takeApart(Json.Obj schema, ArrayDeque<Json> queue, SchemaWork work) {
        SchemaWords.string(schema, "$ref").ifPresent(reference -> {
            var target = work.resolve(reference);
            impossible |= target == null;
            if (target != null && followed.add(reference)) {
                queue.add(target);
            }
        });
        queue.addAll(SchemaWords.list(schema, "allOf"));
        for (String word : List.of("anyOf", "oneOf")) {
            if (schema.has(word)) {
                choices.add(SchemaWords.list(schema, word));
            }
        }
        var condition = schema.get("if");
        if (condition != null) {
            choices.add(List.of(
                    allOf(condition, schema.fields().getOrDefault("then", Json.Obj.EMPTY)),
                    schema.fields().getOrDefault("else", Json.Obj.EMPTY)));
        }
        schema.fields().forEach((word, value) -> {
            switch (word) {
                case "$ref", "allOf", "anyOf", "oneOf", "if", "then", "else", "$defs", "definitions" -> {}
                default -> joined.merge(word, value, (one, other) -> join(word, one, other));
            }
        });
    }

    private static Json join(String word, Json one, Json other) {
        if (one.equals(other)) {
            return one;
        }
        return switch (word) {
            case "properties", "patternProperties", "dependentRequired", "dependentSchemas" -> joinFields(one, other);
            case "required" -> union(SchemaWords.strings(one), SchemaWords.strings(other));
            case "type" -> commonTypes(SchemaWords.strings(one), SchemaWords.strings(other));
            case "enum" -> common(one, other);
            case "const" -> new Json.Arr(List.of());
            case "minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties", "minContains" ->
                further(one, other, true);
            case "maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties", "maxContains" ->
                further(one, other, false);
            case "items", "additionalProperties", "contains", "propertyNames" -> allOf(one, other);
            case "uniqueItems" -> new Json.Bool(true);
            default -> one;
        };
    }

    private static Json allOf(Json one, Json other) {
        return new Json.Obj(Map.of("allOf", new Json.Arr(List.of(one, other))));
    }

    private static Json joinFields(Json one, Json other) {
        if (!(one instanceof Json.Obj(var first)) || !(other instanceof Json.Obj(var second))) {
            return one;
        }
        var fields = new LinkedHashMap<>(first);
        second.forEach((name, schema) -> fields.merge(name, schema, SchemaMerge::allOf));
        return new Json.Obj(fields);
    }

    private static Json union(List<String> one, List<String> other) {
        Set<String> names = new LinkedHashSet<>(one);
        names.addAll(other);
        return strings(List.copyOf(names));
    }

    private static Json strings(List<String> values) {
        return new Json.Arr(values.stream().<Json>map(Json.Str::new).toList());
    }

    /** An integer is a number too. */
    private static Json commonTypes(List<String> one, List<String> other) {
        Set<String> types = new LinkedHashSet<>();
        for (String type : one) {
            if (other.contains(type) || (type.equals("integer") && other.contains("number"))) {
                types.add(type);
            }
            if (type.equals("number") && other.contains("integer")) {
                types.add("integer");
            }
        }
        return strings(List.copyOf(types));
    }

    private static Json common(Json one, Json other) {
        if (one instanceof Json.Arr(var first) && other instanceof Json.Arr(var second)) {
            return new Json.Arr(first.stream().filter(second::contains).toList());
        }
        return one;
    }

    private static Json further(Json one, Json other, boolean up) {
        if (one instanceof Json.Num first && other instanceof Json.Num second) {
            return first.value().compareTo(second.value()) > 0 == up ? first : second;
        }
        return one instanceof Json.Num ? one : other;
    }
}
