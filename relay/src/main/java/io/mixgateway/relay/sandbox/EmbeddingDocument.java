package io.mixgateway.relay.sandbox;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.core.JsonGenerator;

/** Vectors as one document in OpenAI's shape. Texts that share tokens have vectors that are near. */
final class EmbeddingDocument {
    private final String model;
    private final EmbeddingRequest request;
    private final boolean withUsage;

    EmbeddingDocument(String model, EmbeddingRequest request, boolean withUsage) {
        this.model = model;
        this.request = request;
        this.withUsage = withUsage;
    }

    /** Each vector is made when it is its turn. */
    Body body() {
        Stream<Consumer<JsonGenerator>> items =
                IntStream.range(0, request.inputs().size()).mapToObj(index -> to -> item(to, index));
        return new JsonBody(Stream.concat(
                        Stream.concat(Stream.<Consumer<JsonGenerator>>of(EmbeddingDocument::open), items),
                        Stream.<Consumer<JsonGenerator>>of(this::close))
                .iterator());
    }

    private static void open(JsonGenerator to) {
        to.writeStartObject();
        to.writeStringProperty("object", "list");
        to.writeArrayPropertyStart("data");
    }

    private void item(JsonGenerator to, int index) {
        var vector = vector(request.inputs().get(index).tokens(), request.dimensions());
        to.writeStartObject();
        to.writeStringProperty("object", "embedding");
        to.writeNumberProperty("index", index);
        if (request.base64()) {
            to.writeStringProperty("embedding", base64(vector));
        } else {
            to.writeArrayPropertyStart("embedding");
            for (float value : vector) {
                to.writeNumber(value);
            }
            to.writeEndArray();
        }
        to.writeEndObject();
    }

    private void close(JsonGenerator to) {
        to.writeEndArray();
        to.writeStringProperty("model", model);
        if (withUsage) {
            to.writeObjectPropertyStart("usage");
            to.writeNumberProperty("prompt_tokens", request.tokens());
            to.writeNumberProperty("total_tokens", request.tokens());
            to.writeEndObject();
        }
        to.writeEndObject();
    }

    /** The sum of one pseudo-random direction for each token, of length one. */
    static float[] vector(int[] tokens, int dimensions) {
        var sum = new double[dimensions];
        for (int at = 0; at < tokens.length; at++) {
            // The place counts a little, so that the same words in another order make another vector.
            double weight = 1.0 / (1 + at * 0.01);
            var direction = new SplittableRandom(tokens[at]);
            for (int dimension = 0; dimension < dimensions; dimension++) {
                sum[dimension] += weight * (direction.nextDouble() - 0.5);
            }
        }
        double length = 0;
        for (double value : sum) {
            length += value * value;
        }
        length = Math.sqrt(length);
        var vector = new float[dimensions];
        for (int dimension = 0; dimension < dimensions; dimension++) {
            vector[dimension] = (float) (sum[dimension] / length);
        }
        return vector;
    }

    private static String base64(float[] vector) {
        var bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}
