package io.mixgateway.relay.sandbox;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The whole answer to a chat request, before it is written down.
 *
 * @param created in seconds since 1970
 * @param topLogprobs as in {@link ChatRequest}
 */
record ChatReply(String id, String model, long created, List<Choice> choices, Counts usage, OptionalInt topLogprobs) {
    static final String FINGERPRINT = "fp_mixgateway_sandbox";

    /** One of the answers: either text, or calls of tools. */
    record Choice(int index, Optional<Spoken> text, List<Call> calls, Finish finish) {}

    /** A call of a tool. */
    record Call(String id, String name, Spoken arguments) {}

    enum Finish {
        STOP("stop"),
        LENGTH("length"),
        TOOL_CALLS("tool_calls");

        private final String word;

        Finish(String word) {
            this.word = word;
        }

        /** As it is on the wire. */
        String word() {
            return word;
        }
    }

    @Override
    public String toString() {
        return "reply(" + choices.size() + " choices)";
    }
}
