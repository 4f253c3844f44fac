package io.mixgateway.relay.sandbox;

import io.mixgateway.relay.sandbox.ChatReply.Call;
import io.mixgateway.relay.sandbox.ChatReply.Choice;
import io.mixgateway.relay.sandbox.ChatReply.Finish;
import io.mixgateway.relay.sandbox.ChatRequest.Tool;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/** Makes the answer to a chat request: which words, calls or JSON, how many tokens, and why it ends. */
final class ChatComposer {
    private final SandboxModel model;
    private final ChatRequest request;
    private final long created;

    ChatComposer(SandboxModel model, ChatRequest request, long created) {
        this.model = model;
        this.request = request;
        this.created = created;
    }

    /** @throws Invalid when the prompt is too long or a schema cannot be satisfied */
    ChatReply compose() {
        long prompt = PromptText.tokens(request);
        if (prompt > model.contextTokens()) {
            throw new Invalid(
                    "This model's maximum context length is " + model.contextTokens()
                            + " tokens. However, your messages resulted in " + prompt
                            + " tokens. Please reduce the length of the messages.",
                    "messages",
                    "context_length_exceeded");
        }
        long most = request.maxTokens().orElse(model.maxOutputTokens());
        long reasoning = Math.min(most, reasoningTokens());
        var tools = toolsToCall();
        var choices = new ArrayList<Choice>(request.n());
        long completion = 0;
        for (int index = 0; index < request.n(); index++) {
            var choice = tools.isEmpty() ? text(index, most - reasoning) : calls(tools, index, most - reasoning);
            choices.add(choice);
            completion += reasoning + tokens(choice);
        }
        long cached = model.behaviour() == Behaviour.CACHES ? prompt / 2 : 0;
        var usage = new Counts(prompt, cached, completion, reasoning * request.n());
        return new ChatReply(Ids.chat(), model.id(), created, List.copyOf(choices), usage, request.topLogprobs());
    }

    private long reasoningTokens() {
        if (model.behaviour() != Behaviour.REASONS) {
            return 0;
        }
        return switch (request.reasoningEffort().orElse("medium")) {
            case "none", "minimal" -> 0;
            case "low" -> 64;
            case "high", "xhigh", "max" -> 256;
            default -> 128;
        };
    }

    private List<Tool> toolsToCall() {
        boolean call = switch (request.toolUse()) {
            case NEVER -> false;
            case ALWAYS -> true;
            case WHEN_THE_USER_SPEAKS -> request.lastMessage().role() == Message.Role.USER;
        };
        if (!call || request.tools().isEmpty()) {
            return List.of();
        }
        return request.parallel() ? request.tools() : request.tools().subList(0, 1);
    }

    private Choice text(int index, long most) {
        if (model.behaviour() == Behaviour.TALKS_LONG && request.format() instanceof ChatRequest.Format.Text) {
            return talk(index, most);
        }
        var whole = switch (request.format()) {
            case ChatRequest.Format.Text _ -> EchoText.answer(request, index);
            case ChatRequest.Format.AnyObject _ -> JsonText.string(echoObject(index));
            case ChatRequest.Format.Shaped(var schema) ->
                JsonText.string(SchemaSample.of(schema, "answer", index, "response_format.json_schema.schema"));
        };
        var spoken = Spoken.of(untilStop(whole));
        return spoken.tokenCount() > most
                ? new Choice(index, Optional.of(spoken.atMost(most)), List.of(), Finish.LENGTH)
                : new Choice(index, Optional.of(spoken), List.of(), Finish.STOP);
    }

    private Choice talk(int index, long most) {
        var spoken = Spoken.repeating(EchoText.FILLER, (int) Math.min(most, model.parameter()));
        if (!request.stop().isEmpty()) {
            var text = spoken.text();
            var kept = untilStop(text);
            if (kept.length() < text.length()) {
                return new Choice(index, Optional.of(Spoken.of(kept)), List.of(), Finish.STOP);
            }
        }
        return new Choice(
                index, Optional.of(spoken), List.of(), most < model.parameter() ? Finish.LENGTH : Finish.STOP);
    }

    private Json.Obj echoObject(int index) {
        var fields = new LinkedHashMap<String, Json>();
        fields.put("echo", new Json.Str(EchoText.quoted(request)));
        fields.put("choice", Json.Num.of(index + 1));
        return new Json.Obj(fields);
    }

    private String untilStop(String text) {
        int end = text.length();
        for (String stop : request.stop()) {
            int at = text.indexOf(stop);
            end = at < 0 ? end : Math.min(end, at);
        }
        return text.substring(0, end);
    }

    private Choice calls(List<Tool> tools, int index, long most) {
        var calls = new ArrayList<Call>(tools.size());
        long left = most;
        for (Tool tool : tools) {
            var arguments = Spoken.of(JsonText.string(SchemaSample.arguments(tool.parameters(), index, tool.path())));
            long name = Tokens.count(tool.name());
            if (left <= name) {
                return new Choice(index, Optional.empty(), List.copyOf(calls), Finish.LENGTH);
            }
            var said = arguments.atMost(left - name);
            calls.add(new Call(Ids.call(), tool.name(), said));
            left -= name + said.tokenCount();
            if (said.tokenCount() < arguments.tokenCount()) {
                return new Choice(index, Optional.empty(), List.copyOf(calls), Finish.LENGTH);
            }
        }
        return new Choice(index, Optional.empty(), List.copyOf(calls), Finish.TOOL_CALLS);
    }

    private static long tokens(Choice choice) {
        long tokens = choice.text().map(Spoken::tokenCount).orElse(0);
        for (Call call : choice.calls()) {
            tokens += Tokens.count(call.name()) + call.arguments().tokenCount();
        }
        return tokens;
    }
}
