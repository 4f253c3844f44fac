package io.mixgateway.relay.sandbox;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * What an embeddings request asks for.
 *
 * @param base64 whether vectors go out as base64 of little-endian floats, as OpenAI's SDKs ask
 */
record EmbeddingRequest(List<Input> inputs, int dimensions, boolean base64) {
    private static final int MOST_INPUTS = 2048;
    private static final int MOST_DIMENSIONS = 3072;
    private static final int USUAL_DIMENSIONS = 256;
    private static final int MOST_TOKENS = 8192;
    /** A text longer than this has more tokens than that, and is refused without counting them. */
    private static final int MOST_CHARS = 200_000;

    private static final long LARGEST_TOKEN = 1_000_000;

    /** The vector is made of so many tokens from the front: enough to tell texts apart, and bounded. */
    private static final int TOKENS_HEEDED = 128;

    private static final Set<String> READ = Set.of("model", "input", "dimensions", "encoding_format");

    /**
     * One text to embed.
     *
     * @param tokens the first of them
     * @param count of all
     */
    record Input(int[] tokens, long count) {
        static Input of(int[] tokens) {
            if (tokens.length > MOST_TOKENS) {
                throw tooLong(String.valueOf(tokens.length));
            }
            return new Input(Arrays.copyOf(tokens, Math.min(tokens.length, TOKENS_HEEDED)), tokens.length);
        }

        static Invalid tooLong(String tokens) {
            return new Invalid(
                    "This model's maximum context length is " + MOST_TOKENS + " tokens, however you requested " + tokens
                            + " tokens. Please reduce your prompt.",
                    "input",
                    "context_length_exceeded");
        }

        @Override
        public String toString() {
            return "input(" + count + " tokens)";
        }
    }

    long tokens() {
        return inputs.stream().mapToLong(Input::count).sum();
    }

    /** @throws Invalid for what OpenAI answers with a 400 */
    static EmbeddingRequest read(Buffer body) {
        var fields = Fields.root(ChatRequestReader.object(body, READ));
        fields.requiredString("model");
        var inputs = switch (fields.required("input")) {
            case Json.Str(var text) -> List.of(text(text));
            case Json.Arr(var items) -> inputs(fields, items);
            case Json other -> throw Invalid.type("input", "a string or an array", other);
        };
        return new EmbeddingRequest(
                inputs,
                (int) fields.integer("dimensions", 1, MOST_DIMENSIONS).orElse(USUAL_DIMENSIONS),
                base64(fields));
    }

    private static boolean base64(Fields fields) {
        var format = fields.string("encoding_format").orElse("float");
        return switch (format) {
            case "float" -> false;
            case "base64" -> true;
            default ->
                throw Invalid.value(
                        "encoding_format",
                        "Invalid value: '" + format + "'. Supported values are: 'float' and 'base64'.");
        };
    }

    /** Either one text as an array of tokens, or an array of texts in either form. */
    private static List<Input> inputs(Fields fields, List<Json> items) {
        if (items.isEmpty()) {
            throw empty("input");
        }
        if (items.getFirst() instanceof Json.Num) {
            return List.of(Input.of(tokens("input", items)));
        }
        fields.array("input", MOST_INPUTS);
        var inputs = new ArrayList<Input>(items.size());
        for (Json item : items) {
            var path = "input[" + inputs.size() + "]";
            inputs.add(
                    switch (item) {
                        case Json.Str(var text) -> text(text);
                        case Json.Arr(var tokens) -> Input.of(tokens(path, tokens));
                        case Json other -> throw Invalid.type(path, "a string or an array of tokens", other);
                    });
        }
        return List.copyOf(inputs);
    }

    private static Input text(String text) {
        if (text.isEmpty()) {
            throw Invalid.value("input", "Invalid 'input': input cannot be an empty string.");
        }
        if (text.length() > MOST_CHARS) {
            throw Input.tooLong("more than " + MOST_TOKENS);
        }
        return Input.of(Tokens.encode(text));
    }

    private static int[] tokens(String path, List<Json> items) {
        if (items.isEmpty()) {
            throw empty(path);
        }
        var tokens = new int[items.size()];
        for (int at = 0; at < tokens.length; at++) {
            var element = Fields.root(new Json.Obj(java.util.Map.of(path, items.get(at))));
            tokens[at] = (int) element.integer(path, 0, LARGEST_TOKEN).orElseThrow(() -> empty(path));
        }
        return tokens;
    }

    private static Invalid empty(String path) {
        return new Invalid("Invalid '" + path + "': input cannot be empty.", path, "empty_array");
    }

    @Override
    public String toString() {
        return "embedding(" + inputs.size() + " inputs)";
    }
}
