package io.mixgateway.testkit;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * OpenAI's published OpenAPI description, to check documents against its components. The file is not part of this
 * project: it is looked for at the system property {@value #PROPERTY}, then at {@code shared/data/openapi/openai.json}
 * beside any folder above the working directory. Thread-safe.
 */
public final class OpenAiSchema {
    public static final String PROPERTY = "openai.openapi";
    private static final Path PLACE = Path.of("shared", "data", "openapi", "openai.json");
    private static final JsonMapper JSON = new JsonMapper();

    private final JsonNode components;
    private final SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    private final Map<String, Schema> schemas = new ConcurrentHashMap<>();

    private OpenAiSchema(JsonNode components) {
        this.components = components;
    }

    /** Loaded once per process, and empty with a line on stdout when the file is not there. */
    public static Optional<OpenAiSchema> find() {
        return Found.SCHEMA;
    }

    /** Reads a description, such as {@code openai.json}. */
    public static OpenAiSchema load(Path file) {
        var components = JSON.readTree(file).path("components");
        allowNulls(components);
        return new OpenAiSchema(components);
    }

    /**
     * What is wrong with {@code json} as a {@code component} such as {@code CreateChatCompletionResponse}; empty when
     * nothing is.
     *
     * @throws IllegalArgumentException when the description has no such component
     */
    public List<String> violations(String component, String json) {
        return schemas.computeIfAbsent(component, this::schema).validate(json, InputFormat.JSON).stream()
                .map(error -> error.getInstanceLocation() + ": " + error.getMessage())
                .toList();
    }

    /** Throws {@link AssertionError} naming each violation and the document, unless there is none. */
    public void check(String component, String json) {
        var violations = violations(component, json);
        if (!violations.isEmpty()) {
            throw new AssertionError(component + ": " + violations + " in " + json);
        }
    }

    private Schema schema(String component) {
        if (!components.path("schemas").has(component)) {
            throw new IllegalArgumentException("component: " + component + " (expected: one the description has)");
        }
        var root = JSON.createObjectNode().put("$ref", "#/components/schemas/" + component);
        root.set("components", components);
        return registry.getSchema(root);
    }

    /**
     * The description calls itself OpenAPI 3.1 and still says {@code nullable} in places, a word of 3.0 that JSON
     * Schema does not know. Says the same in JSON Schema's words.
     */
    private static void allowNulls(JsonNode node) {
        node.forEach(OpenAiSchema::allowNulls);
        if (!(node instanceof ObjectNode schema) || !schema.path("nullable").asBoolean(false)) {
            return;
        }
        schema.remove("nullable");
        if (schema.path("enum") instanceof ArrayNode values) {
            values.addNull();
        }
        var type = schema.path("type");
        if (type.isString()) {
            schema.putArray("type").add(type.asString()).add("null");
        } else if (type.isMissingNode()) {
            var same = schema.deepCopy();
            schema.removeAll();
            schema.putArray("anyOf").add(same).addObject().put("type", "null");
        }
    }

    private static final class Found {
        private static final Optional<OpenAiSchema> SCHEMA = look().map(OpenAiSchema::load);

        private static Optional<Path> look() {
            var named = System.getProperty(PROPERTY);
            if (named != null) {
                return Optional.of(Path.of(named));
            }
            @Nullable Path folder = Path.of("").toAbsolutePath();
            while (folder != null) {
                if (Files.isReadable(folder.resolve(PLACE))) {
                    return Optional.of(folder.resolve(PLACE));
                }
                folder = folder.getParent();
            }
            System.out.println("OpenAI's API description is not checked against: no " + PLACE
                    + " above the working directory, and no -D" + PROPERTY);
            return Optional.empty();
        }
    }
}
