package io.mixgateway.relay.sandbox;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes a value for a schema: follows what it says, tries the choices it leaves in their order, and takes the first
 * value that {@link SchemaCheck} accepts. Down to {@code generous} levels it also makes what the schema only allows;
 * below, the least it must, so that schemas that contain themselves come to an end.
 */
final class SchemaMaker {
    private final SchemaWork work;
    private final SchemaCheck check;
    private final SchemaInside inside;
    private final int generous;

    SchemaMaker(SchemaWork work, int generous) {
        this.work = work;
        this.check = new SchemaCheck(work);
        this.inside = new SchemaInside(work, this);
        this.generous = generous;
    }

    /**
     * What to make.
     *
     * @param hint a word that strings are made of: most often the field's name
     * @param depth how many objects and arrays are around it
     * @param layers how many of these, and of choices, are around it
     * @param salt different ones make different values, as far as the schema lets them
     * @param also what the value itself must satisfy beside the schemas it is made for: those a choice was made in
     */
    record Wish(String hint, int depth, int layers, int salt, List<Json> also) {
        static Wish first(String hint, int salt) {
            return new Wish(hint, 0, 0, salt, List.of());
        }

        Wish inside(String newHint, int newSalt) {
            return new Wish(newHint, depth + 1, layers + 1, newSalt, List.of());
        }

        Wish choosing(List<Json> originals) {
            var more = new ArrayList<>(originals);
            more.addAll(also);
            return new Wish(hint, depth, layers + 1, salt, more);
        }
    }

    boolean isGenerous(Wish wish) {
        return wish.depth() < generous;
    }

    /** A value that satisfies all of {@code schemas}; null when none was found. */
    @Nullable
    Json make(List<Json> schemas, Wish wish) {
        work.step(wish.layers());
        var joined = SchemaMerge.of(schemas, work);
        if (joined == null) {
            return null;
        }
        if (joined.choices().isEmpty()) {
            return makePlain(joined.schema(), wish);
        }
        return makeChoosing(schemas, joined, wish);
    }

    /** Tries each alternative of the first choice; the others are made further down. */
    private @Nullable Json makeChoosing(List<Json> originals, SchemaMerge.Joined joined, Wish wish) {
        for (Json alternative : inOrder(joined.choices().getFirst(), wish)) {
            work.step(wish.layers());
            var schemas = new ArrayList<Json>();
            schemas.add(joined.schema());
            schemas.add(alternative);
            for (var later : joined.choices().subList(1, joined.choices().size())) {
                schemas.add(new Json.Obj(java.util.Map.of("anyOf", new Json.Arr(later))));
            }
            var made = make(schemas, wish.choosing(originals));
            if (made != null) {
                return made;
            }
        }
        return null;
    }

    /** As listed; deep down those first that hold nothing further. */
    private List<Json> inOrder(List<Json> alternatives, Wish wish) {
        if (isGenerous(wish)) {
            return alternatives;
        }
        return alternatives.stream()
                .sorted(java.util.Comparator.comparing(SchemaMaker::mayHoldMore))
                .toList();
    }

    private static boolean mayHoldMore(Json schema) {
        return schema instanceof Json.Obj object
                && !object.has("const")
                && !object.has("enum")
                && (object.has("$ref")
                        || object.has("allOf")
                        || object.has("anyOf")
                        || object.has("oneOf")
                        || SchemaWords.strings(object, "type").contains("object")
                        || SchemaWords.strings(object, "type").contains("array"));
    }

    private @Nullable Json makePlain(Json.Obj schema, Wish wish) {
        var constant = schema.get("const");
        if (constant != null) {
            return first(schema, Stream.of(constant), wish);
        }
        if (schema.has("enum")) {
            var values = SchemaWords.list(schema, "enum");
            return first(schema, rotated(values, wish.salt()), wish);
        }
        for (String type : types(schema, wish)) {
            var made = makeOfType(schema, type, wish);
            if (made != null) {
                return made;
            }
        }
        return first(schema, SchemaWords.list(schema, "examples").stream(), wish);
    }

    private static Stream<Json> rotated(List<Json> values, int by) {
        return IntStream.range(0, values.size())
                .mapToObj(index -> values.get(Math.floorMod(index + by, values.size())));
    }

    /** The first candidate that satisfies the schema and all that the wish adds. */
    private @Nullable Json first(Json.Obj schema, Stream<Json> candidates, Wish wish) {
        return candidates
                .filter(candidate -> check.accepts(schema, candidate)
                        && wish.also().stream().allMatch(other -> check.accepts(other, candidate)))
                .findFirst()
                .orElse(null);
    }

    private @Nullable Json makeOfType(Json.Obj schema, String type, Wish wish) {
        var candidates = switch (type) {
            case "object" -> Stream.ofNullable(inside.object(schema, wish));
            case "array" -> Stream.ofNullable(inside.array(schema, wish));
            case "string" -> StringSample.candidates(schema, wish.hint(), wish.salt());
            case "integer" -> NumberSample.candidates(schema, true, wish.salt());
            case "number" -> NumberSample.candidates(schema, false, wish.salt());
            case "boolean" -> rotated(List.of(new Json.Bool(true), new Json.Bool(false)), wish.salt());
            case "null" -> Stream.<Json>of(Json.Null.NULL);
            default -> Stream.<Json>empty();
        };
        return first(schema, candidates, wish);
    }

    /** The types to try: those said, null last except deep down; for want of any, what the other keywords hint at. */
    private List<String> types(Json.Obj schema, Wish wish) {
        var said = SchemaWords.strings(schema, "type");
        if (!said.isEmpty() || schema.has("type")) {
            boolean nullLast = isGenerous(wish);
            return said.stream()
                    .sorted(java.util.Comparator.comparing(type -> type.equals("null") == nullLast))
                    .toList();
        }
        if (hasAny(schema, "properties", "required", "additionalProperties", "patternProperties", "minProperties")) {
            return List.of("object");
        }
        if (hasAny(schema, "items", "prefixItems", "minItems", "contains", "uniqueItems")) {
            return List.of("array", "null");
        }
        if (hasAny(schema, "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")) {
            return List.of("integer", "number");
        }
        return List.of("string", "integer", "boolean", "object", "array", "null");
    }

    private static boolean hasAny(Json.Obj schema, String... words) {
        for (String word : words) {
            if (schema.has(word)) {
                return true;
            }
        }
        return false;
    }
}
