package io.mixgateway.relay.sandbox;

import tools.jackson.core.JsonGenerator;

/**
 * The usage of one call in tokens, counted as OpenAI counts: {@code cached} is a part of {@code prompt}, and
 * {@code reasoning} of {@code completion}.
 */
record Counts(long prompt, long cached, long completion, long reasoning) {
    void write(JsonGenerator to) {
        to.writeStartObject();
        to.writeNumberProperty("prompt_tokens", prompt);
        to.writeNumberProperty("completion_tokens", completion);
        to.writeNumberProperty("total_tokens", prompt + completion);
        to.writeObjectPropertyStart("prompt_tokens_details");
        to.writeNumberProperty("cached_tokens", cached);
        to.writeNumberProperty("audio_tokens", 0);
        to.writeEndObject();
        to.writeObjectPropertyStart("completion_tokens_details");
        to.writeNumberProperty("reasoning_tokens", reasoning);
        to.writeNumberProperty("audio_tokens", 0);
        to.writeNumberProperty("accepted_prediction_tokens", 0);
        to.writeNumberProperty("rejected_prediction_tokens", 0);
        to.writeEndObject();
        to.writeEndObject();
    }

    Counts withCompletion(long tokens) {
        return new Counts(prompt, cached, tokens, Math.min(reasoning, tokens));
    }
}
