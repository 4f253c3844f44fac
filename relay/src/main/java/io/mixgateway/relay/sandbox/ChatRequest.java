package io.mixgateway.relay.sandbox;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a chat request asks for, of all that the sandbox heeds. What it does not know it ignores, as OpenAI does not.
 *
 * @param tools those that may be called now
 * @param toolText the definitions of all tools, for they count as prompt
 * @param parallel whether several tools may be called at once
 * @param n how many choices
 * @param maxTokens of each choice
 * @param stop strings before which a text ends
 * @param topLogprobs how many alternatives per token; empty when log probabilities were not asked for
 * @param reasoningEffort as said
 */
record ChatRequest(
        List<Message> messages,
        List<Tool> tools,
        String toolText,
        ToolUse toolUse,
        boolean parallel,
        Format format,
        int n,
        OptionalLong maxTokens,
        List<String> stop,
        OptionalInt topLogprobs,
        boolean stream,
        boolean includeUsage,
        Optional<String> reasoningEffort) {
    /**
     * A function that can be called.
     *
     * @param parameters the JSON Schema of its arguments
     * @param path where in the request that stands, for complaints
     */
    record Tool(String name, Json.Obj parameters, String path) {}

    enum ToolUse {
        NEVER,
        WHEN_THE_USER_SPEAKS,
        ALWAYS
    }

    /** The form that the text must have. */
    sealed interface Format {
        record Text() implements Format {}

        record AnyObject() implements Format {}

        record Shaped(Json.Obj schema) implements Format {}
    }

    Message lastMessage() {
        return messages.getLast();
    }

    @Override
    public String toString() {
        return "chat(" + messages.size() + " messages)";
    }
}
