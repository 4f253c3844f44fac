package io.mixgateway.relay.sandbox;

/** How many tokens a prompt has: its texts counted exactly, and OpenAI's rule of thumb for what frames them. */
final class PromptText {
    private static final long PER_MESSAGE = 3;
    private static final long PER_ANSWER = 3;
    private static final long PER_ATTACHMENT = 85;

    private PromptText() {}

    static long tokens(ChatRequest request) {
        long tokens = PER_ANSWER;
        for (Message message : request.messages()) {
            tokens += PER_MESSAGE + 1 + Tokens.count(message.text());
            tokens += PER_ATTACHMENT * message.attachments();
            tokens += message.name().map(name -> Tokens.count(name) + 1).orElse(0L);
            for (var call : message.calls()) {
                tokens += PER_MESSAGE + Tokens.count(call.name()) + Tokens.count(call.arguments());
            }
        }
        return tokens + Tokens.count(request.toolText());
    }
}
