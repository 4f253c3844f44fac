package io.mixgateway.relay.sandbox;

import org.jspecify.annotations.Nullable;

/** A place in one choice while it is streamed. */
final class ChoiceReading {
    private final ChatReply.Choice choice;
    private boolean opened;
    private boolean closed;
    private Spoken.@Nullable Reading reading;
    private int call = -1;

    ChoiceReading(ChatReply.Choice choice) {
        this.choice = choice;
        choice.text().ifPresent(text -> reading = text.read());
    }

    int index() {
        return choice.index();
    }

    boolean atEnd() {
        return closed;
    }

    /** The next step; must not be asked for at the end. */
    Delta next() {
        if (!opened) {
            opened = true;
            return new Delta.Opening(choice.text().isEmpty());
        }
        var fragment = reading == null ? null : reading.next();
        if (fragment != null) {
            return choice.text()
                    .<Delta>map(text -> new Delta.Words(text, fragment))
                    .orElseGet(() -> new Delta.CallWords(call, fragment));
        }
        if (call + 1 < choice.calls().size()) {
            call++;
            var next = choice.calls().get(call);
            reading = next.arguments().read();
            return new Delta.CallOpening(call, next);
        }
        closed = true;
        return new Delta.Closing(choice.finish());
    }
}
