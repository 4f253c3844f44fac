package io.mixgateway.relay.sandbox;

import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;

/** Reads the body of {@code /chat/completions}, and refuses what OpenAI refuses. */
final class ChatRequestReader {
    private static final int MOST_CHOICES = 128;
    private static final int MOST_STOPS = 4;
    private static final int MOST_ALTERNATIVES = 20;

    /** In messages these hold nothing that the sandbox reads, and may be many megabytes long. */
    private static final Set<String> ATTACHED = Set.of("image_url", "input_audio", "file");

    private static final Set<String> READ = Set.of(
            "model",
            "stream",
            "stream_options",
            "n",
            "max_tokens",
            "max_completion_tokens",
            "stop",
            "logprobs",
            "top_logprobs",
            "tools",
            "tool_choice",
            "parallel_tool_calls",
            "response_format",
            "reasoning_effort",
            "temperature",
            "top_p",
            "frequency_penalty",
            "presence_penalty");

    private ChatRequestReader() {}

    /** @throws Invalid for what OpenAI answers with a 400 */
    static ChatRequest read(Buffer body, long mostTokens) {
        var fields = Fields.root(object(body, READ));
        fields.requiredString("model");
        var messages = MessageReader.read(fields);
        fields.checkNumber("temperature", 0, 2);
        fields.checkNumber("top_p", 0, 1);
        fields.checkNumber("frequency_penalty", -2, 2);
        fields.checkNumber("presence_penalty", -2, 2);
        boolean stream = fields.flag("stream", false);
        var tools = ToolReader.read(fields);
        return new ChatRequest(
                messages,
                tools.callable(),
                tools.text(),
                tools.use(),
                fields.flag("parallel_tool_calls", true),
                format(fields),
                (int) fields.integer("n", 1, MOST_CHOICES).orElse(1),
                maxTokens(fields, mostTokens),
                stops(fields),
                topLogprobs(fields),
                stream,
                includeUsage(fields, stream),
                fields.string("reasoning_effort"));
    }

    /** The wanted fields of the object that {@code body} is, and its {@code messages} without their attachments. */
    static Json.Obj object(Buffer body, Set<String> wanted) {
        try (var parser = JsonText.parser(body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw Invalid.notJson();
            }
            var fields = new LinkedHashMap<String, Json>();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                var name = parser.currentName();
                parser.nextToken();
                if (name.equals("messages")) {
                    fields.put(name, JsonText.read(parser, ATTACHED));
                } else if (wanted.contains(name)) {
                    fields.put(name, JsonText.read(parser, Set.of()));
                } else {
                    parser.skipChildren();
                }
            }
            if (parser.nextToken() != null) {
                throw Invalid.notJson();
            }
            return new Json.Obj(fields);
        } catch (JacksonException | ArithmeticException _) {
            throw Invalid.notJson();
        }
    }

    private static OptionalLong maxTokens(Fields fields, long most) {
        var older = fields.integer("max_tokens", 1, most);
        var newer = fields.integer("max_completion_tokens", 1, most);
        return newer.isPresent() ? newer : older;
    }

    private static List<String> stops(Fields fields) {
        return switch (fields.at("stop")) {
            case null -> List.of();
            case Json.Str(var stop) -> stop.isEmpty() ? List.of() : List.of(stop);
            case Json.Arr _ ->
                fields.array("stop", MOST_STOPS).orElseThrow().stream()
                        .map(item -> {
                            if (item instanceof Json.Str(var stop)) {
                                return stop;
                            }
                            throw Invalid.type("stop", "an array of strings", item);
                        })
                        .filter(stop -> !stop.isEmpty())
                        .toList();
            case Json other -> throw Invalid.type("stop", "a string or an array of strings", other);
        };
    }

    private static OptionalInt topLogprobs(Fields fields) {
        boolean asked = fields.flag("logprobs", false);
        var top = fields.integer("top_logprobs", 0, MOST_ALTERNATIVES);
        if (top.isPresent() && !asked) {
            throw Invalid.value(
                    "top_logprobs", "The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled.");
        }
        return asked ? OptionalInt.of((int) top.orElse(0)) : OptionalInt.empty();
    }

    private static boolean includeUsage(Fields fields, boolean stream) {
        var options = fields.object("stream_options");
        if (options.isPresent() && !stream) {
            throw Invalid.value(
                    "stream_options", "The 'stream_options' parameter is only allowed when 'stream' is enabled.");
        }
        return options.map(asked -> asked.flag("include_usage", false)).orElse(false);
    }

    private static ChatRequest.Format format(Fields fields) {
        var format = fields.object("response_format").orElse(null);
        if (format == null) {
            return new ChatRequest.Format.Text();
        }
        var type = format.requiredString("type");
        return switch (type) {
            case "text" -> new ChatRequest.Format.Text();
            case "json_object" -> new ChatRequest.Format.AnyObject();
            case "json_schema" -> {
                format.required("json_schema");
                var shape = format.object("json_schema").orElseThrow();
                shape.requiredString("name");
                var schema = shape.at("schema");
                yield schema == null
                        ? new ChatRequest.Format.AnyObject()
                        : new ChatRequest.Format.Shaped(
                                Fields.of(shape.pathOf("schema"), schema).object());
            }
            default ->
                throw Invalid.value(
                        "response_format.type",
                        "Invalid value: '" + type
                                + "'. Supported values are: 'json_object', 'json_schema', and 'text'.");
        };
    }
}
