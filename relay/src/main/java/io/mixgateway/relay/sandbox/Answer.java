package io.mixgateway.relay.sandbox;

import io.vertx.core.MultiMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** What goes back for one call, and how fast. */
sealed interface Answer {
    /** Nothing, ever. */
    record Silence() implements Answer {}

    /** A head and a body. */
    record Spoken(int status, MultiMap headers, Body body, Tempo tempo, Ending ending) implements Answer {
        Spoken with(Body otherBody, Ending otherEnding) {
            return new Spoken(status, headers, otherBody, tempo, otherEnding);
        }

        Spoken with(Tempo otherTempo) {
            return new Spoken(status, headers, body, otherTempo, ending);
        }
    }

    /**
     * How long to wait, in milliseconds.
     *
     * @param head before the head
     * @param first before the first piece of the body, after the head
     * @param each before every further piece
     */
    record Tempo(long head, long first, long each) {
        static final Tempo AT_ONCE = new Tempo(0, 0, 0);
    }

    /** What comes after the last piece of the body. */
    enum Ending {
        PROPER,
        /** The connection breaks. */
        BREAK,
        /** Nothing more, but no end either. */
        NEVER
    }

    static Spoken json(int status, Body body) {
        return new Spoken(
                status,
                MultiMap.caseInsensitiveMultiMap().add("content-type", "application/json"),
                body,
                Tempo.AT_ONCE,
                Ending.PROPER);
    }

    static Spoken events(Body body) {
        var headers = MultiMap.caseInsensitiveMultiMap()
                .add("content-type", "text/event-stream; charset=utf-8")
                .add("cache-control", "no-cache");
        return new Spoken(200, headers, body, Tempo.AT_ONCE, Ending.PROPER);
    }

    /** An error in OpenAI's shape. */
    static Spoken error(int status, String message, String type, @Nullable String param, @Nullable String code) {
        return json(status, JsonBody.of(generator -> writeError(generator, message, type, param, code)));
    }

    /** {@code {"error": …}}. */
    static void writeError(
            JsonGenerator to, String message, String type, @Nullable String param, @Nullable String code) {
        to.writeStartObject();
        to.writeObjectPropertyStart("error");
        to.writeStringProperty("message", message);
        to.writeStringProperty("type", type);
        to.writeStringProperty("param", param);
        to.writeStringProperty("code", code);
        to.writeEndObject();
        to.writeEndObject();
    }
}
