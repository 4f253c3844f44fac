package io.mixgateway.relay.sandbox;

/** One step of a streamed choice: what one chunk says. */
sealed interface Delta {
    /** Who speaks; {@code calls} tells that tools will be called instead of a text. */
    record Opening(boolean calls) implements Delta {}

    /** The next token of the text, or more than one where only together they make a character. */
    record Words(Spoken spoken, Spoken.Fragment fragment) implements Delta {}

    /** A tool's call begins. */
    record CallOpening(int index, ChatReply.Call call) implements Delta {}

    /** The next token of a call's arguments. */
    record CallWords(int index, Spoken.Fragment fragment) implements Delta {}

    /** Why the choice ends. */
    record Closing(ChatReply.Finish finish) implements Delta {}

    /** How many tokens of output this step delivers. */
    default long tokens() {
        return switch (this) {
            case Opening _, Closing _ -> 0;
            case CallOpening opening -> Tokens.count(opening.call().name());
            case Words words -> words.fragment().tokens();
            case CallWords words -> words.fragment().tokens();
        };
    }
}
