package io.mixgateway.relay.sandbox;

import io.netty.buffer.ByteBufInputStream;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Set;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/** Between JSON's bytes and {@link Json} trees. Depth and lengths are bounded by the parser's own limits. */
final class JsonText {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();
    private static final int LONGEST_PLAIN_NUMBER = 40;

    private JsonText() {}

    /** @throws JacksonException on first use, when the bytes are not JSON */
    static JsonParser parser(Buffer json) {
        InputStream bytes = new ByteBufInputStream(((BufferInternal) json).getByteBuf());
        return FACTORY.createParser(ObjectReadContext.empty(), bytes);
    }

    static JsonGenerator generator(ByteArrayOutputStream into) {
        return FACTORY.createGenerator(ObjectWriteContext.empty(), into);
    }

    /**
     * The value that {@code parser} stands on, without the fields named in {@code skipped}, which are not even
     * decoded: so an attachment of many megabytes costs nothing.
     */
    static Json read(JsonParser parser, Set<String> skipped) {
        return switch (parser.currentToken()) {
            case START_OBJECT -> readObject(parser, skipped);
            case START_ARRAY -> readArray(parser, skipped);
            case VALUE_STRING -> new Json.Str(wellFormed(parser.getString()));
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Json.Num(parser.getDecimalValue());
            case VALUE_TRUE -> new Json.Bool(true);
            case VALUE_FALSE -> new Json.Bool(false);
            case VALUE_NULL -> Json.Null.NULL;
            case END_OBJECT, END_ARRAY, PROPERTY_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
                throw new IllegalStateException(
                        "token: " + parser.currentToken() + " (expected: the start of a value)");
        };
    }

    private static Json readObject(JsonParser parser, Set<String> skipped) {
        var fields = new LinkedHashMap<String, Json>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            var name = parser.currentName();
            parser.nextToken();
            if (skipped.contains(name)) {
                parser.skipChildren();
            } else {
                fields.put(wellFormed(name), read(parser, skipped));
            }
        }
        return new Json.Obj(fields);
    }

    private static Json readArray(JsonParser parser, Set<String> skipped) {
        var items = new ArrayList<Json>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(read(parser, skipped));
        }
        return new Json.Arr(items);
    }

    /** Half a surrogate pair, which JSON can escape but UTF-8 cannot say, becomes a question mark. */
    private static String wellFormed(String text) {
        for (int at = 0; at < text.length(); at++) {
            if (Character.isSurrogate(text.charAt(at))) {
                return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
            }
        }
        return text;
    }

    static byte[] bytes(Consumer<JsonGenerator> writing) {
        var bytes = new ByteArrayOutputStream(512);
        try (var generator = generator(bytes)) {
            writing.accept(generator);
        }
        return bytes.toByteArray();
    }

    /** {@code value} as compact JSON. */
    static String string(Json value) {
        return new String(bytes(generator -> write(generator, value)), StandardCharsets.UTF_8);
    }

    static void write(JsonGenerator to, Json value) {
        switch (value) {
            case Json.Obj object -> {
                to.writeStartObject();
                object.fields().forEach((name, field) -> {
                    to.writeName(name);
                    write(to, field);
                });
                to.writeEndObject();
            }
            case Json.Arr array -> {
                to.writeStartArray();
                array.items().forEach(item -> write(to, item));
                to.writeEndArray();
            }
            case Json.Str string -> to.writeString(string.value());
            case Json.Num number -> writeNumber(to, number);
            case Json.Bool bool -> to.writeBoolean(bool.value());
            case Json.Null _ -> to.writeNull();
        }
    }

    /** Integers of a sane length are written without an exponent, since many readers want them so. */
    private static void writeNumber(JsonGenerator to, Json.Num number) {
        var value = number.value();
        boolean plain = value.scale() > -LONGEST_PLAIN_NUMBER && value.scale() < LONGEST_PLAIN_NUMBER;
        to.writeNumber(plain ? value.toPlainString() : value.toString());
    }
}
