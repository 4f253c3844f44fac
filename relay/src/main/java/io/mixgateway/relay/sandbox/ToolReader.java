package io.mixgateway.relay.sandbox;

import io.mixgateway.relay.sandbox.ChatRequest.Tool;
import io.mixgateway.relay.sandbox.ChatRequest.ToolUse;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Reads {@code tools} and {@code tool_choice}. */
final class ToolReader {
    private static final int MOST_TOOLS = 128;
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,64}");

    private ToolReader() {}

    /**
     * What was read.
     *
     * @param callable the tools that the choice leaves
     * @param text all definitions as JSON, empty when there are none
     */
    record Tools(List<Tool> callable, String text, ToolUse use) {}

    static Tools read(Fields request) {
        var definitions = request.array("tools", MOST_TOOLS).orElse(List.of());
        var tools = new ArrayList<Tool>(definitions.size());
        var text = new StringBuilder();
        for (Json definition : definitions) {
            tools.add(tool(Fields.of("tools[" + tools.size() + "]", definition)));
            text.append(JsonText.string(definition)).append('\n');
        }
        return choose(request, tools, text.toString());
    }

    private static Tool tool(Fields fields) {
        var type = fields.requiredString("type");
        if (!type.equals("function")) {
            throw Invalid.value(
                    fields.pathOf("type"),
                    "Invalid value: '" + type + "'. The sandbox calls tools of type 'function' only.");
        }
        fields.required("function");
        var function = fields.object("function").orElseThrow();
        var name = function.requiredString("name");
        if (!NAME.matcher(name).matches()) {
            throw Invalid.value(
                    function.pathOf("name"),
                    "Invalid '" + function.pathOf("name")
                            + "': expected a string that matches '^[a-zA-Z0-9_-]{1,64}$'.");
        }
        return new Tool(
                name,
                function.object("parameters").map(Fields::object).orElse(Json.Obj.EMPTY),
                function.pathOf("parameters"));
    }

    private static Tools choose(Fields request, List<Tool> tools, String text) {
        var choice = request.at("tool_choice");
        if (choice != null && tools.isEmpty()) {
            throw Invalid.value(
                    "tool_choice",
                    "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified.");
        }
        return switch (choice) {
            case null -> new Tools(List.copyOf(tools), text, ToolUse.WHEN_THE_USER_SPEAKS);
            case Json.Str(var mode) -> new Tools(List.copyOf(tools), text, use("tool_choice", mode));
            case Json.Obj object -> chooseNamed(Fields.of("tool_choice", object), tools, text);
            case Json other ->
                throw Invalid.type("tool_choice", "one of 'none', 'auto', 'required' or an object", other);
        };
    }

    private static Tools chooseNamed(Fields choice, List<Tool> tools, String text) {
        var type = choice.requiredString("type");
        return switch (type) {
            case "function" -> {
                choice.required("function");
                var name = choice.object("function").orElseThrow().requiredString("name");
                yield new Tools(only(tools, name::equals, "tool_choice.function.name"), text, ToolUse.ALWAYS);
            }
            case "allowed_tools" -> {
                var allowed = choice.object("allowed_tools").orElse(choice);
                var names = allowed.array("tools", MOST_TOOLS).orElse(List.of()).stream()
                        .map(tool -> Fields.of(allowed.pathOf("tools"), tool))
                        .flatMap(tool -> tool.object("function").orElse(tool).string("name").stream())
                        .toList();
                var use = use(allowed.pathOf("mode"), allowed.string("mode").orElse("auto"));
                yield new Tools(only(tools, names::contains, allowed.pathOf("tools")), text, use);
            }
            default ->
                throw Invalid.value(
                        "tool_choice.type",
                        "Invalid value: '" + type + "'. Supported values are: 'function' and 'allowed_tools'.");
        };
    }

    private static List<Tool> only(List<Tool> tools, Predicate<String> named, String param) {
        var chosen = tools.stream().filter(tool -> named.test(tool.name())).toList();
        if (chosen.isEmpty()) {
            throw Invalid.value(param, "Invalid value for '" + param + "': no such tool in 'tools'.");
        }
        return chosen;
    }

    private static ToolUse use(String param, String mode) {
        return switch (mode) {
            case "none" -> ToolUse.NEVER;
            case "auto" -> ToolUse.WHEN_THE_USER_SPEAKS;
            case "required" -> ToolUse.ALWAYS;
            default ->
                throw Invalid.value(
                        param, "Invalid value: '" + mode + "'. Supported values are: 'none', 'auto', and 'required'.");
        };
    }
}
