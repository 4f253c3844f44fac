package io.mixgateway.relay.sandbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.StringJoiner;

/** Reads {@code messages}. Parts of kinds it does not know count as attachments. */
final class MessageReader {
    private static final int MOST_MESSAGES = 100_000;
    private static final int MOST_PARTS = 10_000;
    private static final int MOST_CALLS = 1_000;

    private MessageReader() {}

    static List<Message> read(Fields request) {
        request.required("messages");
        var items = request.array("messages", MOST_MESSAGES).orElseThrow();
        if (items.isEmpty()) {
            throw new Invalid(
                    "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array"
                            + " instead.",
                    "messages",
                    "empty_array");
        }
        var messages = new ArrayList<Message>(items.size());
        for (Json item : items) {
            messages.add(message(Fields.of("messages[" + messages.size() + "]", item)));
        }
        return List.copyOf(messages);
    }

    private static Message message(Fields fields) {
        var role = role(fields);
        var calls = calls(fields);
        var content = fields.at("content");
        boolean mayBeEmpty = role == Message.Role.ASSISTANT || role == Message.Role.FUNCTION;
        if (content == null && !mayBeEmpty) {
            throw Invalid.missing(fields.pathOf("content"));
        }
        var answers = role == Message.Role.TOOL
                ? Optional.of(fields.requiredString("tool_call_id"))
                : Optional.<String>empty();
        var text = new StringJoiner("\n");
        int attachments = 0;
        switch (content) {
            case null -> fields.string("refusal").ifPresent(text::add);
            case Json.Str string -> text.add(string.value());
            case Json.Arr(var parts) -> attachments = readParts(fields.pathOf("content"), parts, text);
            case Json other -> throw Invalid.type(fields.pathOf("content"), "a string or an array of parts", other);
        }
        return new Message(role, text.toString(), attachments, fields.string("name"), calls, answers);
    }

    private static Message.Role role(Fields fields) {
        var role = fields.requiredString("role");
        for (var known : Message.Role.values()) {
            if (known.name().toLowerCase(Locale.ROOT).equals(role)) {
                return known;
            }
        }
        throw Invalid.value(
                fields.pathOf("role"),
                "Invalid value: '" + role
                        + "'. Supported values are: 'system', 'assistant', 'user', 'function', 'tool', and 'developer'.");
    }

    /** Adds the text of the parts, and answers how many others there are. */
    private static int readParts(String path, List<Json> parts, StringJoiner text) {
        if (parts.size() > MOST_PARTS) {
            throw Invalid.value(path, "Invalid '" + path + "': more than " + MOST_PARTS + " parts.");
        }
        int attachments = 0;
        for (int index = 0; index < parts.size(); index++) {
            var part = Fields.of(path + "[" + index + "]", parts.get(index));
            switch (part.requiredString("type")) {
                case "text" -> text.add(part.requiredString("text"));
                case "refusal" -> text.add(part.requiredString("refusal"));
                default -> attachments++;
            }
        }
        return attachments;
    }

    private static List<Message.Call> calls(Fields message) {
        var calls = new ArrayList<Message.Call>();
        for (Json item : message.array("tool_calls", MOST_CALLS).orElse(List.of())) {
            var call = Fields.of(message.pathOf("tool_calls") + "[" + calls.size() + "]", item);
            var function = call.object("function").or(() -> call.object("custom"));
            var name = function.flatMap(fields -> fields.string("name")).orElse("");
            var arguments =
                    function.flatMap(fields -> fields.string("arguments").or(() -> fields.string("input")));
            calls.add(new Message.Call(call.requiredString("id"), name, arguments.orElse("")));
        }
        return List.copyOf(calls);
    }
}
