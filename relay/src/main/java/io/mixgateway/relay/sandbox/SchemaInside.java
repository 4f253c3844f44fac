package io.mixgateway.relay.sandbox;

import io.mixgateway.relay.sandbox.SchemaMaker.Wish;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes objects and arrays: which fields and how many items, each made by {@link SchemaMaker}. */
final class SchemaInside {
    private static final int MOST_ITEMS = 1_000;

    private final SchemaWork work;
    private final SchemaCheck check;
    private final SchemaMaker maker;

    SchemaInside(SchemaWork work, SchemaMaker maker) {
        this.work = work;
        this.check = new SchemaCheck(work);
        this.maker = maker;
    }

    @Nullable
    Json object(Json.Obj schema, Wish wish) {
        var declared = SchemaWords.map(schema, "properties").keySet();
        var required = new LinkedHashSet<>(SchemaWords.strings(schema, "required"));
        int most = SchemaWords.count(schema, "maxProperties", Integer.MAX_VALUE);
        var wanted = inDeclaredOrder(declared, required, maker.isGenerous(wish), most);
        var fields = new LinkedHashMap<String, Json>();
        for (String name : wanted) {
            var made = field(schema, name, wish);
            if (made != null) {
                fields.put(name, made);
            } else if (required.contains(name)) {
                return null;
            }
        }
        addDependents(schema, fields, wish);
        addUntil(SchemaWords.count(schema, "minProperties", 0), schema, fields, wish);
        return new Json.Obj(fields);
    }

    /** The required ones, and when generous the allowed ones as far as there is room. */
    private static List<String> inDeclaredOrder(
            Set<String> declared, Set<String> required, boolean generous, int most) {
        var names = new LinkedHashSet<String>(declared);
        names.addAll(required);
        int room = generous ? Math.max(0, most - required.size()) : 0;
        var wanted = new ArrayList<String>();
        for (String name : names) {
            if (required.contains(name)) {
                wanted.add(name);
            } else if (room > 0) {
                room--;
                wanted.add(name);
            }
        }
        return wanted;
    }

    private @Nullable Json field(Json.Obj schema, String name, Wish wish) {
        return maker.make(SchemaCheck.schemasOf(schema, name, work), wish.inside(name, wish.salt()));
    }

    private void addDependents(Json.Obj schema, Map<String, Json> fields, Wish wish) {
        SchemaWords.map(schema, "dependentRequired").forEach((name, dependents) -> {
            if (fields.containsKey(name)) {
                SchemaWords.strings(dependents).forEach(dependent -> add(schema, dependent, fields, wish));
            }
        });
    }

    private void add(Json.Obj schema, String name, Map<String, Json> fields, Wish wish) {
        var ofNames = schema.get("propertyNames");
        if (!fields.containsKey(name) && (ofNames == null || check.accepts(ofNames, new Json.Str(name)))) {
            var made = field(schema, name, wish);
            if (made != null) {
                fields.put(name, made);
            }
        }
    }

    /** Adds declared fields, then ones whose names match a pattern, then ones of any name. */
    private void addUntil(int least, Json.Obj schema, Map<String, Json> fields, Wish wish) {
        var names = new ArrayList<>(SchemaWords.map(schema, "properties").keySet());
        int missing = Math.min(MOST_ITEMS, least - fields.size());
        for (int number = 1; number <= missing; number++) {
            for (String pattern : SchemaWords.map(schema, "patternProperties").keySet()) {
                PatternSample.of(pattern, number / 10, true, number).ifPresent(names::add);
            }
            names.add("field" + number);
            var ofNames = schema.get("propertyNames");
            if (ofNames != null
                    && maker.make(List.of(ofNames), wish.inside("field", number)) instanceof Json.Str(var made)) {
                names.add(made);
            }
        }
        for (String name : names) {
            if (fields.size() >= least) {
                return;
            }
            add(schema, name, fields, wish);
        }
    }

    @Nullable
    Json array(Json.Obj schema, Wish wish) {
        int least = SchemaWords.count(schema, "minItems", 0);
        int most = SchemaWords.count(schema, "maxItems", Integer.MAX_VALUE);
        var contained = schema.get("contains");
        int ofThose = contained == null ? 0 : SchemaWords.count(schema, "minContains", 1);
        if (Math.max(least, ofThose) > MOST_ITEMS) {
            return null;
        }
        int tuple = SchemaWords.list(schema, "prefixItems").size();
        int generous = maker.isGenerous(wish) ? Math.max(1, Math.min(tuple, MOST_ITEMS)) : 0;
        int wanted = Math.min(most, Math.max(Math.max(least, ofThose), generous));
        boolean unique = SchemaWords.flag(schema, "uniqueItems");
        var items = new ArrayList<Json>(wanted);
        for (int index = 0; index < wanted; index++) {
            var schemas = new ArrayList<Json>(2);
            var ofItem = SchemaCheck.schemaOf(schema, index);
            if (ofItem != null) {
                schemas.add(ofItem);
            }
            if (contained != null && index >= wanted - ofThose) {
                schemas.add(contained);
            }
            var item = maker.make(schemas, wish.inside(wish.hint(), unique ? wish.salt() + index : wish.salt()));
            if (item == null) {
                return index >= least && ofThose == 0 ? new Json.Arr(items) : null;
            }
            items.add(item);
        }
        return new Json.Arr(items);
    }
}
