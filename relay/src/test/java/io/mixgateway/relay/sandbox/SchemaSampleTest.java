package io.mixgateway.relay.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
class SchemaSampleTest {
    private static final SchemaRegistry VALIDATOR =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    private static Json.Obj schema(String json) {
        try (var parser = JsonText.parser(Buffer.buffer(json))) {
            parser.nextToken();
            return (Json.Obj) JsonText.read(parser, Set.of());
        }
    }

    private static String sample(String json, int choice) {
        return JsonText.string(SchemaSample.of(schema(json), "answer", choice, "schema"));
    }

    /** By a validator that shares no code with the sandbox. */
    private static List<String> violations(String schema, String value) {
        return VALIDATOR.getSchema(schema, InputFormat.JSON).validate(value, InputFormat.JSON).stream()
                .map(Object::toString)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"type\":\"object\",\"properties\":{\"location\":{\"type\":\"string\"}},\"required\":[\"location\"],\"additionalProperties\":false}",
                "{\"enum\":[\"a\",5,null]}",
                "{\"const\":{\"a\":[1,2.5]}}",
                "{\"type\":[\"string\",\"null\"]}",
                "{\"type\":\"integer\",\"minimum\":3,\"exclusiveMaximum\":5}",
                "{\"type\":\"integer\",\"exclusiveMinimum\":2.5,\"maximum\":3}",
                "{\"type\":\"number\",\"exclusiveMinimum\":0,\"exclusiveMaximum\":0.001}",
                "{\"type\":\"number\",\"multipleOf\":0.05,\"minimum\":0.51}",
                "{\"type\":\"integer\",\"multipleOf\":7,\"minimum\":-20,\"maximum\":-10}",
                "{\"type\":\"integer\",\"multipleOf\":1.5,\"minimum\":4}",
                "{\"type\":\"integer\",\"maximum\":-1e30}",
                "{\"type\":\"string\",\"minLength\":50,\"maxLength\":52}",
                "{\"type\":\"string\",\"maxLength\":0}",
                "{\"type\":\"string\",\"pattern\":\"^[A-Z]{2}-\\\\d{4}$\"}",
                "{\"type\":\"string\",\"pattern\":\"^(cat|dog)+[^a-z]?$\",\"minLength\":9,\"maxLength\":9}",
                "{\"type\":\"string\",\"pattern\":\"^\\\\+?[1-9]\\\\d{1,14}$\",\"minLength\":5}",
                "{\"type\":\"string\",\"pattern\":\"^(?=.*a)[a-f0-9]{8}$\"}",
                "{\"type\":\"string\",\"pattern\":\"^[\\\\w.+-]+@[\\\\w-]+\\\\.[\\\\w.]{2,}$\"}",
                "{\"type\":\"string\",\"format\":\"date-time\"}",
                "{\"type\":\"string\",\"format\":\"uuid\"}",
                "{\"type\":\"string\",\"format\":\"email\",\"maxLength\":40}",
                "{\"type\":\"array\",\"items\":{\"type\":\"boolean\"},\"minItems\":3,\"maxItems\":3}",
                "{\"type\":\"array\",\"items\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":3},\"minItems\":3,\"uniqueItems\":true}",
                "{\"type\":\"array\",\"items\":{\"enum\":[\"a\",\"b\",\"c\"]},\"minItems\":2,\"uniqueItems\":true}",
                "{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\"}},\"required\":[\"id\"]},\"minItems\":4,\"uniqueItems\":true}",
                "{\"type\":\"array\",\"prefixItems\":[{\"type\":\"string\"},{\"type\":\"integer\"}],\"items\":false}",
                "{\"type\":\"array\",\"contains\":{\"const\":7},\"minItems\":2,\"items\":{\"type\":\"integer\"}}",
                "{\"anyOf\":[{\"type\":\"string\",\"minLength\":3,\"maxLength\":1},{\"type\":\"integer\"}]}",
                "{\"oneOf\":[{\"type\":\"number\"},{\"type\":\"integer\"}],\"not\":{\"const\":1.5}}",
                "{\"allOf\":[{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"}},\"required\":[\"a\"]},{\"properties\":{\"a\":{\"minimum\":10},\"b\":{\"type\":\"null\"}},\"required\":[\"b\"]}]}",
                "{\"allOf\":[{\"anyOf\":[{\"minimum\":5},{\"maximum\":-5}]},{\"anyOf\":[{\"maximum\":0},{\"minimum\":100}]}],\"type\":\"integer\"}",
                "{\"$ref\":\"#/$defs/node\",\"$defs\":{\"node\":{\"type\":\"object\",\"properties\":{\"value\":{\"type\":\"integer\"},\"next\":{\"anyOf\":[{\"$ref\":\"#/$defs/node\"},{\"type\":\"null\"}]}},\"required\":[\"value\",\"next\"],\"additionalProperties\":false}}}",
                "{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\"},\"children\":{\"type\":\"array\",\"items\":{\"$ref\":\"#\"}}},\"required\":[\"name\",\"children\"],\"additionalProperties\":false}",
                "{\"type\":\"object\",\"minProperties\":3,\"additionalProperties\":{\"type\":\"integer\"}}",
                "{\"type\":\"object\",\"patternProperties\":{\"^x-[a-z]+$\":{\"type\":\"boolean\"}},\"additionalProperties\":false,\"minProperties\":2}",
                "{\"type\":\"object\",\"propertyNames\":{\"pattern\":\"^k[0-9]$\"},\"minProperties\":2}",
                "{\"type\":\"object\",\"properties\":{\"a\":true,\"b\":{},\"c\":false}}",
                "{\"type\":\"object\",\"properties\":{\"kind\":{\"enum\":[\"circle\",\"square\"]}},\"required\":[\"kind\"],\"if\":{\"properties\":{\"kind\":{\"const\":\"circle\"}}},\"then\":{\"required\":[\"radius\"],\"properties\":{\"radius\":{\"type\":\"number\",\"exclusiveMinimum\":0}}},\"else\":{\"required\":[\"side\"]}}",
                "{\"type\":\"object\",\"dependentRequired\":{\"card\":[\"address\"]},\"properties\":{\"card\":{\"type\":\"string\"}}}",
                "{\"required\":[\"__proto__\",\"\",\"a/b\",\"日本\"],\"properties\":{\"\":{\"type\":\"null\"}}}"
            })
    void satisfiesTheSchema(String schema) {
        for (int choice = 0; choice < 4; choice++) {
            var made = sample(schema, choice);
            assertThat(violations(schema, made)).as("%s for %s", made, schema).isEmpty();
            assertThat(sample(schema, choice)).as("the same again").isEqualTo(made);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"not\":{}}",
                "{\"type\":\"integer\",\"minimum\":2,\"maximum\":1}",
                "{\"enum\":[]}",
                "{\"$ref\":\"#/$defs/missing\"}",
                "{\"$ref\":\"https://example.com/schema.json\"}",
                "{\"$ref\":\"#\"}",
                "{\"type\":\"object\",\"properties\":{\"a\":{\"$ref\":\"#\"}},\"required\":[\"a\"]}",
                "{\"type\":\"object\",\"properties\":{\"a\":{\"$ref\":\"#\"},\"b\":{\"$ref\":\"#\"}},\"required\":[\"a\",\"b\"]}",
                "{\"anyOf\":[{\"$ref\":\"#\"},{\"$ref\":\"#\"}]}",
                "{\"type\":\"array\",\"minItems\":1e9}",
                "{\"type\":\"string\",\"minLength\":1e9}",
                "{\"type\":\"string\",\"pattern\":\"^((((a+)+)+)+)+b\",\"minLength\":3000,\"maxLength\":4000,\"not\":{}}",
                "{\"type\":\"number\",\"multipleOf\":1e-99999,\"minimum\":1e99999}",
                "{\"type\":\"array\",\"uniqueItems\":true,\"minItems\":3,\"items\":{\"type\":\"boolean\"}}",
                "{\"type\":\"string\",\"pattern\":\"(\"}"
            })
    @Timeout(30)
    void saysSoWhenItCannot(String schema) {
        assertThatThrownBy(() -> sample(schema, 0))
                .isInstanceOfSatisfying(
                        Invalid.class, invalid -> assertThat(invalid.param()).isEqualTo("schema"));
    }

    @Test
    void aSchemaNestedVeryDeeplyIsRefusedAndNotOverflowing() {
        var deep = "{\"type\":\"object\",\"required\":[\"a\"],\"properties\":{\"a\":".repeat(100) + "{}"
                + "}}".repeat(100);

        assertThatThrownBy(() -> sample(deep, 0)).isInstanceOf(Invalid.class).hasMessageContaining("too deep");
    }

    @Test
    void choicesDifferWhereTheSchemaLetsThem() {
        var schema = "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}},\"required\":[\"city\"]}";

        assertThat(sample(schema, 0)).isEqualTo("{\"city\":\"city\"}");
        assertThat(sample(schema, 1)).isEqualTo("{\"city\":\"city 2\"}");
    }

    @Test
    void satisfiesRandomSchemas() {
        int satisfied = 0;
        for (int seed = 0; seed < 2_000; seed++) {
            var schema = JsonText.string(new RandomSchema(new SplittableRandom(seed)).schema(0));
            try {
                var made = sample(schema, seed % 3);
                assertThat(violations(schema, made))
                        .as("seed %s: %s for %s", seed, made, schema)
                        .isEmpty();
                satisfied++;
            } catch (Invalid _) {
                // Some random schemas cannot be satisfied; they must be few.
            }
        }
        assertThat(satisfied).isGreaterThan(1_900);
    }

    /** Schemas that most often can be satisfied. */
    private record RandomSchema(SplittableRandom random) {
        Json.Obj schema(int depth) {
            var schema = new java.util.LinkedHashMap<String, Json>();
            int kinds = depth > 3 ? 5 : 9;
            switch (random.nextInt(kinds)) {
                case 0 -> string(schema);
                case 1 -> number(schema, "integer");
                case 2 -> number(schema, "number");
                case 3 -> schema.put("type", new Json.Str("boolean"));
                case 4 ->
                    schema.put("enum", new Json.Arr(List.of(new Json.Str("red"), Json.Num.of(3), Json.Null.NULL)));
                case 5 -> array(schema, depth);
                case 6 -> schema.put(random.nextBoolean() ? "anyOf" : "oneOf", several(depth));
                default -> object(schema, depth);
            }
            return new Json.Obj(schema);
        }

        private Json several(int depth) {
            var alternatives = new ArrayList<Json>();
            for (int count = random.nextInt(1, 4); count > 0; count--) {
                alternatives.add(schema(depth + 1));
            }
            return new Json.Arr(alternatives);
        }

        private void string(java.util.Map<String, Json> schema) {
            schema.put("type", new Json.Str("string"));
            int least = random.nextInt(6);
            switch (random.nextInt(4)) {
                case 0 -> {
                    schema.put("minLength", Json.Num.of(least));
                    schema.put("maxLength", Json.Num.of(least + random.nextInt(6)));
                }
                case 1 -> {
                    var patterns =
                            List.of("^[a-z]{2,9}$", "^\\d+(\\.\\d{2})?$", "[A-Z]_(x|y|zz)", "^\\S+@\\S+$", "[^0-9]{3}");
                    schema.put("pattern", new Json.Str(patterns.get(random.nextInt(patterns.size()))));
                    schema.put("minLength", Json.Num.of(least));
                }
                case 2 -> schema.put("format", new Json.Str("date"));
                default -> {}
            }
        }

        private void number(java.util.Map<String, Json> schema, String type) {
            schema.put("type", new Json.Str(type));
            long least = random.nextInt(-50, 50);
            if (random.nextBoolean()) {
                schema.put(random.nextBoolean() ? "minimum" : "exclusiveMinimum", Json.Num.of(least));
            }
            if (random.nextBoolean()) {
                schema.put(
                        random.nextBoolean() ? "maximum" : "exclusiveMaximum",
                        Json.Num.of(least + random.nextInt(12, 40)));
            }
            if (random.nextInt(3) == 0) {
                schema.put(
                        "multipleOf",
                        new Json.Num(new java.math.BigDecimal(
                                List.of("2", "5", "0.5", "2.5").get(random.nextInt(4)))));
            }
        }

        private void array(java.util.Map<String, Json> schema, int depth) {
            schema.put("type", new Json.Str("array"));
            schema.put("items", schema(depth + 1));
            int least = random.nextInt(4);
            schema.put("minItems", Json.Num.of(least));
            if (random.nextBoolean()) {
                schema.put("maxItems", Json.Num.of(least + random.nextInt(3)));
            }
            if (random.nextInt(6) == 0 && least < 2) {
                schema.put("uniqueItems", new Json.Bool(true));
            }
        }

        private void object(java.util.Map<String, Json> schema, int depth) {
            schema.put("type", new Json.Str("object"));
            var properties = new java.util.LinkedHashMap<String, Json>();
            var required = new ArrayList<Json>();
            for (int count = random.nextInt(5); count > 0; count--) {
                var name = "p" + count;
                properties.put(name, schema(depth + 1));
                if (random.nextBoolean()) {
                    required.add(new Json.Str(name));
                }
            }
            schema.put("properties", new Json.Obj(properties));
            schema.put("required", new Json.Arr(required));
            if (random.nextBoolean()) {
                schema.put("additionalProperties", new Json.Bool(false));
            } else if (random.nextInt(3) == 0) {
                schema.put("minProperties", Json.Num.of(random.nextInt(8)));
            }
        }
    }
}
