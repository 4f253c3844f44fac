package io.mixgateway.relay.sandbox;

import java.util.List;
import java.util.Optional;

/**
 * One message of a conversation.
 *
 * @param text its text parts, joined by line ends
 * @param attachments images, sounds and files in it; their bytes were not read
 * @param name of its author, if said
 * @param calls the calls an assistant asked for
 * @param answers the id of the call that a tool's message answers
 */
record Message(
        Role role, String text, int attachments, Optional<String> name, List<Call> calls, Optional<String> answers) {
    enum Role {
        DEVELOPER,
        SYSTEM,
        USER,
        ASSISTANT,
        TOOL,
        FUNCTION
    }

    /** A call of a tool in the conversation so far. */
    record Call(String id, String name, String arguments) {
        @Override
        public String toString() {
            return "call(" + arguments.length() + " characters)";
        }
    }

    @Override
    public String toString() {
        return role + "(" + text.length() + " characters)";
    }
}
