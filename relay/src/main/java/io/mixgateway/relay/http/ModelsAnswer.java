package io.mixgateway.relay.http;

import io.mixgateway.relay.call.CallRefused;
import io.mixgateway.relay.catalog.Catalog;
import io.mixgateway.relay.catalog.Endpoint;
import io.mixgateway.relay.route.Router;
import java.io.StringWriter;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** {@code GET /v1/models} and {@code GET /v1/models/{id}} (OpenAI's API description, ListModelsResponse and Model). */
final class ModelsAnswer {
    private static final JsonFactory JSON = new JsonFactory();
    private static final long SINCE_SECONDS =
            1_735_689_600L; // 2025-01-01: OpenAI's shape wants a date, and providers' dates are not known

    private ModelsAnswer() {}

    static byte[] list(Catalog catalog) {
        var out = new StringWriter();
        try (var generator = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            generator.writeStartObject();
            generator.writeStringProperty("object", "list");
            generator.writeArrayPropertyStart("data");
            names(catalog).forEach((id, owner) -> model(generator, id, owner));
            generator.writeEndArray();
            generator.writeEndObject();
        }
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** @throws CallRefused {@code model_not_found} */
    static byte[] one(Catalog catalog, String rawId) {
        String id;
        try {
            id = URLDecoder.decode(rawId.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            id = rawId;
        }
        var wanted = id;
        var owner = catalog.resolve(id)
                .filter(serving ->
                        serving.getFirst().price().isPresent() || names(catalog).containsKey(wanted))
                .map(serving -> serving.getFirst().provider().name())
                .orElseThrow(() -> Router.notFound(wanted, catalog));
        var out = new StringWriter();
        try (var generator = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            model(generator, id, owner);
        }
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Every name a client may well use, with whom it belongs to: the operator's names first, then {@code provider:model}. */
    private static Map<String, String> names(Catalog catalog) {
        var names = new LinkedHashMap<String, String>();
        catalog.routes().keySet().forEach(name -> names.put(name, "mixgateway"));
        for (Endpoint endpoint : catalog.endpoints()) {
            if (endpoint.price().isPresent()) {
                names.put(endpoint.name(), endpoint.provider().name());
            }
        }
        return names;
    }

    private static void model(JsonGenerator generator, String id, String owner) {
        generator.writeStartObject();
        generator.writeStringProperty("id", id);
        generator.writeStringProperty("object", "model");
        generator.writeNumberProperty("created", SINCE_SECONDS);
        generator.writeStringProperty("owned_by", owner);
        generator.writeEndObject();
    }
}
