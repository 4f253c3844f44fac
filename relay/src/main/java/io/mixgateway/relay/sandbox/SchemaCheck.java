package io.mixgateway.relay.sandbox;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Whether a value satisfies a schema (JSON Schema 2020-12, with the older forms of {@code items} and of exclusive
 * bounds). {@code format} is a hint and not checked. What {@link SchemaMaker} makes is sent only when this agrees.
 */
final class SchemaCheck {
    private final SchemaWork work;

    SchemaCheck(SchemaWork work) {
        this.work = work;
    }

    boolean accepts(Json schema, Json value) {
        return accepts(schema, value, 0);
    }

    private boolean accepts(Json schema, Json value, int depth) {
        work.step(depth);
        return switch (schema) {
            case Json.Bool(boolean any) -> any;
            case Json.Obj object ->
                acceptsAlone(object, value)
                        && acceptsCombined(object, value, depth)
                        && acceptsInside(object, value, depth);
            case Json.Arr _, Json.Str _, Json.Num _, Json.Null _ -> true;
        };
    }

    /** Keywords about the value itself. */
    private boolean acceptsAlone(Json.Obj schema, Json value) {
        var types = SchemaWords.strings(schema, "type");
        if (schema.has("type") && types.stream().noneMatch(type -> SchemaWords.isOfType(value, type))) {
            return false;
        }
        if (schema.has("enum") && !SchemaWords.list(schema, "enum").contains(value)) {
            return false;
        }
        if (schema.has("const") && !value.equals(schema.get("const"))) {
            return false;
        }
        return switch (value) {
            case Json.Str(var text) -> acceptsText(schema, text);
            case Json.Num number -> NumberSample.accepts(schema, number.value());
            case Json.Obj _, Json.Arr _, Json.Bool _, Json.Null _ -> true;
        };
    }

    private boolean acceptsText(Json.Obj schema, String text) {
        int length = text.codePointCount(0, text.length());
        return length >= SchemaWords.count(schema, "minLength", 0)
                && length <= SchemaWords.count(schema, "maxLength", Integer.MAX_VALUE)
                && SchemaWords.string(schema, "pattern")
                        .map(pattern -> work.finds(pattern, text))
                        .orElse(true);
    }

    /** Keywords that apply other schemas to the same value. */
    private boolean acceptsCombined(Json.Obj schema, Json value, int depth) {
        Predicate<Json> accepted = other -> accepts(other, value, depth + 1);
        if (SchemaWords.string(schema, "$ref").isPresent()) {
            var target = work.resolve(SchemaWords.string(schema, "$ref").get());
            if (target == null || !accepted.test(target)) {
                return false;
            }
        }
        if (!SchemaWords.list(schema, "allOf").stream().allMatch(accepted)) {
            return false;
        }
        if (schema.has("anyOf") && SchemaWords.list(schema, "anyOf").stream().noneMatch(accepted)) {
            return false;
        }
        if (schema.has("oneOf")
                && SchemaWords.list(schema, "oneOf").stream().filter(accepted).count() != 1) {
            return false;
        }
        var not = schema.get("not");
        if (not != null && accepted.test(not)) {
            return false;
        }
        var condition = schema.get("if");
        var consequence = condition == null ? null : schema.get(accepted.test(condition) ? "then" : "else");
        return consequence == null || accepted.test(consequence);
    }

    private boolean acceptsInside(Json.Obj schema, Json value, int depth) {
        return switch (value) {
            case Json.Obj(var fields) -> acceptsFields(schema, fields, depth);
            case Json.Arr(var items) -> acceptsItems(schema, items, depth);
            case Json.Str _, Json.Num _, Json.Bool _, Json.Null _ -> true;
        };
    }

    private boolean acceptsFields(Json.Obj schema, Map<String, Json> fields, int depth) {
        if (fields.size() < SchemaWords.count(schema, "minProperties", 0)
                || fields.size() > SchemaWords.count(schema, "maxProperties", Integer.MAX_VALUE)
                || !fields.keySet().containsAll(SchemaWords.strings(schema, "required"))) {
            return false;
        }
        for (var dependent : SchemaWords.map(schema, "dependentRequired").entrySet()) {
            if (fields.containsKey(dependent.getKey())
                    && !fields.keySet().containsAll(SchemaWords.strings(dependent.getValue()))) {
                return false;
            }
        }
        for (var dependent : SchemaWords.map(schema, "dependentSchemas").entrySet()) {
            if (fields.containsKey(dependent.getKey())
                    && !accepts(dependent.getValue(), new Json.Obj(fields), depth + 1)) {
                return false;
            }
        }
        var names = schema.get("propertyNames");
        for (var field : fields.entrySet()) {
            if (names != null && !accepts(names, new Json.Str(field.getKey()), depth + 1)) {
                return false;
            }
            for (Json ofField : schemasOf(schema, field.getKey(), work)) {
                if (!accepts(ofField, field.getValue(), depth + 1)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** The schemas that an object's schema applies to the field of that name. */
    static List<Json> schemasOf(Json.Obj schema, String name, SchemaWork work) {
        var schemas = new java.util.ArrayList<Json>(1);
        var declared = SchemaWords.map(schema, "properties").get(name);
        if (declared != null) {
            schemas.add(declared);
        }
        SchemaWords.map(schema, "patternProperties").forEach((pattern, ofPattern) -> {
            if (work.finds(pattern, name)) {
                schemas.add(ofPattern);
            }
        });
        var others = schema.get("additionalProperties");
        if (schemas.isEmpty() && others != null) {
            schemas.add(others);
        }
        return schemas;
    }

    private boolean acceptsItems(Json.Obj schema, List<Json> items, int depth) {
        if (items.size() < SchemaWords.count(schema, "minItems", 0)
                || items.size() > SchemaWords.count(schema, "maxItems", Integer.MAX_VALUE)
                || (SchemaWords.flag(schema, "uniqueItems") && new HashSet<>(items).size() < items.size())) {
            return false;
        }
        for (int index = 0; index < items.size(); index++) {
            var ofItem = schemaOf(schema, index);
            if (ofItem != null && !accepts(ofItem, items.get(index), depth + 1)) {
                return false;
            }
        }
        var contained = schema.get("contains");
        if (contained == null) {
            return true;
        }
        long found = items.stream()
                .filter(item -> accepts(contained, item, depth + 1))
                .count();
        return found >= SchemaWords.count(schema, "minContains", 1)
                && found <= SchemaWords.count(schema, "maxContains", Integer.MAX_VALUE);
    }

    /** The schema of the item at {@code index}; null when anything may stand there. */
    static @org.jspecify.annotations.Nullable Json schemaOf(Json.Obj schema, int index) {
        var items = schema.get("items");
        boolean older = items instanceof Json.Arr;
        var first = SchemaWords.list(schema, older ? "items" : "prefixItems");
        if (index < first.size()) {
            return first.get(index);
        }
        return older ? schema.get("additionalItems") : items;
    }
}
