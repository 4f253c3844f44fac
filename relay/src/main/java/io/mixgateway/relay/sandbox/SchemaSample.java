package io.mixgateway.relay.sandbox;

import java.util.List;
import java.util.Map;

/** JSON that satisfies a caller's JSON Schema, the same for the same schema and choice. */
final class SchemaSample {
    private static final int[] GENEROSITIES = {4, 2, 1, 0};

    private static final Json OBJECT = new Json.Obj(Map.of("type", new Json.Str("object")));

    private SchemaSample() {}

    /**
     * A value that satisfies {@code schema}.
     *
     * @param hint what strings are made of where no field gives them a name
     * @param param names the schema in a complaint
     * @throws Invalid when none was found: the schema cannot be satisfied, is too deep, or asks for what the sandbox
     *     cannot make
     */
    static Json of(Json.Obj schema, String hint, int choice, String param) {
        return find(schema, List.of(schema), hint, choice, param);
    }

    /** As {@link #of}, and always an object, as a tool's arguments are. */
    static Json arguments(Json.Obj schema, int choice, String param) {
        return find(schema, List.of(schema, OBJECT), "argument", choice, param);
    }

    private static Json find(Json.Obj root, List<Json> schemas, String hint, int choice, String param) {
        boolean tooMuch = false;
        for (int generous : GENEROSITIES) {
            var work = new SchemaWork(root);
            try {
                var made = new SchemaMaker(work, generous).make(schemas, SchemaMaker.Wish.first(hint, choice));
                var check = new SchemaCheck(work);
                if (made != null && schemas.stream().allMatch(schema -> check.accepts(schema, made))) {
                    return made;
                }
            } catch (SchemaWork.TooMuch _) {
                tooMuch = true;
            }
        }
        throw new Invalid(
                tooMuch
                        ? "Invalid schema for '" + param + "': it is too deep or too complex for the sandbox."
                        : "Invalid schema for '" + param + "': the sandbox found no JSON that satisfies it.",
                param,
                "invalid_json_schema");
    }
}
