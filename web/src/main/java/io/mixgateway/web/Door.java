package io.mixgateway.web;

import io.mixgateway.platform.signin.SignedIn;
import java.util.Optional;

/** Knows who is signed in, and what to do with who is not. Blocking. */
public interface Door {
    /** A site that nobody signs in to. */
    Door CLOSED = new Door() {
        @Override
        public Optional<SignedIn> who(Seen seen) {
            return Optional.empty();
        }

        @Override
        public Answer turnAway(Seen seen) {
            return Answer.json(401, java.util.Map.of("error", "nobody signs in here"));
        }

        @Override
        public Answer letOut(SignedIn signedIn, Answer answer) {
            return answer;
        }
    };

    /** Who sent that request, by its cookie. */
    Optional<SignedIn> who(Seen seen);

    /** What somebody is answered who would have to sign in first. */
    Answer turnAway(Seen seen);

    /** The answer, with the new token when it is time for one. */
    Answer letOut(SignedIn signedIn, Answer answer);
}
