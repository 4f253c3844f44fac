package io.mixgateway.relay.sandbox;

import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** Log probabilities that look like a model's: made from the token alone, and summing to less than one. */
final class Logprobs {
    private static final double LEAST_LIKELY = 0.45;
    private static final double SPREAD = 0.54;
    private static final List<String> ALTERNATIVES = List.of(
            " the", " a", " of", " and", " to", " in", ".", ",", " is", " that", " it", " for", " on", " was", " with",
            " as", " at", " by", " not", " be", " or", " one");

    private Logprobs() {}

    /** Writes an element of {@code logprobs.content} for each token of the fragment. */
    static void write(JsonGenerator to, Spoken spoken, Spoken.Fragment fragment, int alternatives) {
        for (int at = fragment.from(); at < fragment.to(); at++) {
            int token = spoken.token(at);
            var bytes = Tokens.bytes(token);
            var text = fragment.tokens() == 1 ? fragment.text() : escaped(bytes);
            double probability = probability(token);
            to.writeStartObject();
            entry(to, text, bytes, Math.log(probability));
            to.writeArrayPropertyStart("top_logprobs");
            if (alternatives > 0) {
                to.writeStartObject();
                entry(to, text, bytes, Math.log(probability));
                to.writeEndObject();
                others(to, text, token, 1 - probability, alternatives - 1);
            }
            to.writeEndArray();
            to.writeEndObject();
        }
    }

    /** Others share the rest: half of it for the first, a quarter for the next, and so on. */
    private static void others(JsonGenerator to, String text, int token, double rest, int count) {
        double share = rest;
        int written = 0;
        for (int offset = 0; written < count && offset < ALTERNATIVES.size(); offset++) {
            var other = ALTERNATIVES.get(Math.floorMod(token + offset, ALTERNATIVES.size()));
            if (!other.equals(text)) {
                share /= 2;
                to.writeStartObject();
                entry(to, other, other.getBytes(StandardCharsets.UTF_8), Math.log(share));
                to.writeEndObject();
                written++;
            }
        }
    }

    private static void entry(JsonGenerator to, String text, byte[] bytes, double logprob) {
        to.writeStringProperty("token", text);
        to.writeNumberProperty("logprob", logprob);
        to.writeArrayPropertyStart("bytes");
        for (byte value : bytes) {
            to.writeNumber(value & 0xff);
        }
        to.writeEndArray();
    }

    private static double probability(int token) {
        int mixed = (token * 0x9E3779B9) >>> 16;
        return LEAST_LIKELY + SPREAD * mixed / 0x10000;
    }

    /** As OpenAI writes a token that is only a part of a character. */
    private static String escaped(byte[] bytes) {
        var text = new StringBuilder("bytes:");
        for (byte value : bytes) {
            text.append(String.format("\\x%02x", value & 0xff));
        }
        return text.toString();
    }
}
