package io.mixgateway.relay.sandbox;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** One JSON document, written step by step as it is asked for, so that a large one is never whole in memory. */
final class JsonBody implements Body {
    private static final int PIECE_BYTES = 4096;

    private final Iterator<Consumer<JsonGenerator>> steps;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(PIECE_BYTES);
    private final JsonGenerator generator = JsonText.generator(bytes);

    JsonBody(Iterator<Consumer<JsonGenerator>> steps) {
        this.steps = steps;
    }

    static JsonBody of(Consumer<JsonGenerator> document) {
        return new JsonBody(List.of(document).iterator());
    }

    @Override
    public @Nullable Buffer next() {
        while (bytes.size() < PIECE_BYTES && steps.hasNext()) {
            steps.next().accept(generator);
            generator.flush();
        }
        if (!steps.hasNext()) {
            generator.close();
        }
        if (bytes.size() == 0) {
            return null;
        }
        var piece = Buffer.buffer(bytes.toByteArray());
        bytes.reset();
        return piece;
    }
}
