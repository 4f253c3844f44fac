package io.mixgateway.relay.sandbox;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The words of an answer: made from the conversation and nothing else. */
final class EchoText {
    /** Of what somebody said, so much is said back. */
    private static final int QUOTED_CHARS = 8000;

    private static final String CLOSING =
            "\n\nThis is MixGateway's sandbox: no model was asked, and the same words always get the same answer.";
    static final String FILLER =
            " The sandbox goes on talking, word after word, until it has said as many as were asked for.";

    private EchoText() {}

    /** The answer in words; later choices say which they are, so that no two are the same. */
    static String answer(ChatRequest request, int choice) {
        var prefix = choice == 0 ? "" : "Choice " + (choice + 1) + ". ";
        var last = request.lastMessage();
        return prefix + (last.answers().isPresent() ? toolResults(request) : said(request)) + CLOSING;
    }

    /** What the user said last, shortened; for want of a user what was said last. */
    static String quoted(ChatRequest request) {
        return shortened(speaking(request).text());
    }

    private static Message speaking(ChatRequest request) {
        return lastThat(request, message -> message.role() == Message.Role.USER);
    }

    private static Message lastThat(ChatRequest request, Predicate<Message> wanted) {
        var messages = request.messages();
        for (int index = messages.size() - 1; index >= 0; index--) {
            if (wanted.test(messages.get(index))) {
                return messages.get(index);
            }
        }
        return messages.getLast();
    }

    private static String said(ChatRequest request) {
        var message = speaking(request);
        var attached = switch (message.attachments()) {
            case 0 -> "";
            case 1 -> "\n(And 1 attachment.)";
            default -> "\n(And " + message.attachments() + " attachments.)";
        };
        return "You said: " + shortened(message.text()) + attached;
    }

    /** All results since the last message that was not a tool's. */
    private static String toolResults(ChatRequest request) {
        var messages = request.messages();
        int first = messages.size();
        while (first > 0 && messages.get(first - 1).answers().isPresent()) {
            first--;
        }
        List<String> lines = new ArrayList<>();
        for (var message : messages.subList(first, messages.size())) {
            var id = message.answers().orElse("");
            lines.add("The tool " + nameOf(request, id) + " answered: " + shortened(message.text()));
        }
        return shortened(String.join("\n", lines));
    }

    private static String nameOf(ChatRequest request, String callId) {
        return request.messages().stream()
                .flatMap(message -> message.calls().stream())
                .filter(call -> call.id().equals(callId))
                .map(Message.Call::name)
                .findFirst()
                .orElse(callId);
    }

    private static String shortened(String text) {
        if (text.length() <= QUOTED_CHARS) {
            return text;
        }
        int end = Character.isLowSurrogate(text.charAt(QUOTED_CHARS)) ? QUOTED_CHARS - 1 : QUOTED_CHARS;
        return text.substring(0, end) + "…";
    }
}
