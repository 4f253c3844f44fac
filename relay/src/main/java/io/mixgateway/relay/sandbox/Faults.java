package io.mixgateway.relay.sandbox;

import io.mixgateway.relay.sandbox.Answer.Ending;
import io.mixgateway.relay.sandbox.Answer.Tempo;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a model's {@link Behaviour} makes of a call: instead of an answer, or out of a good one. */
final class Faults {
    private static final int TOO_MANY = 429;
    private static final int UNAVAILABLE = 503;
    private static final int CHUNKS_BEFORE_ERROR = 3;
    private static final String SERVER_ERROR =
            "The server had an error while processing your request. Sorry about that!";

    private Faults() {}

    /** The answer to every request, however malformed, where the model gives one. */
    static Optional<Answer> instead(SandboxModel model) {
        return switch (model.behaviour()) {
            case REFUSES -> Optional.of(refusal((int) model.parameter(), model.id()));
            case STALLS_BEFORE_HEADERS -> Optional.of(new Answer.Silence());
            case ANSWERS,
                    EMBEDS,
                    REASONS,
                    CACHES,
                    TALKS_LONG,
                    TRICKLES,
                    STARTS_LATE,
                    HIDES_USAGE,
                    RUNS_USAGE,
                    STALLS,
                    CUTS,
                    FAILS_IN_STREAM,
                    FAILS_IN_200,
                    STAYS_EMPTY -> Optional.empty();
        };
    }

    /**
     * What becomes of a good answer.
     *
     * @param streamed whether {@code good} is a stream of events
     * @param tokens how many of output it holds, for the time that a plain answer takes
     */
    static Answer applied(SandboxModel model, Answer.Spoken good, boolean streamed, long tokens) {
        return switch (model.behaviour()) {
            case ANSWERS, EMBEDS, REASONS, CACHES, TALKS_LONG, HIDES_USAGE, RUNS_USAGE -> good;
            case TRICKLES ->
                good.with(
                        streamed
                                ? new Tempo(0, model.parameter(), model.parameter())
                                : new Tempo(model.parameter() * tokens, 0, 0));
            case STARTS_LATE ->
                good.with(streamed ? new Tempo(0, model.parameter(), 0) : new Tempo(model.parameter(), 0, 0));
            case STALLS -> good.with(Body.NONE, Ending.NEVER);
            case CUTS -> good.with(new FirstBytes(good.body(), model.parameter()), Ending.BREAK);
            case STAYS_EMPTY -> good.with(Body.NONE, Ending.PROPER);
            case FAILS_IN_200 -> error(200);
            case FAILS_IN_STREAM -> streamed ? good.with(new BrokenOff(good.body()), Ending.PROPER) : error(500);
            case REFUSES -> refusal((int) model.parameter(), model.id());
            case STALLS_BEFORE_HEADERS -> new Answer.Silence();
        };
    }

    private static Answer.Spoken error(int status) {
        return Answer.error(status, SERVER_ERROR, "server_error", null, null);
    }

    private static Answer.Spoken refusal(int status, String model) {
        return switch (status) {
            case TOO_MANY -> {
                var answer = Answer.error(
                        status,
                        "Rate limit reached for " + model + ". Please try again in 1s.",
                        "requests",
                        null,
                        "rate_limit_exceeded");
                answer.headers().add("retry-after", "1");
                yield answer;
            }
            case UNAVAILABLE ->
                Answer.error(
                        status,
                        "The engine is currently overloaded, please try again later.",
                        "service_unavailable_error",
                        null,
                        null);
            default -> error(status);
        };
    }

    /** So many bytes of another body. */
    private static final class FirstBytes implements Body {
        private final Body whole;
        private long left;

        FirstBytes(Body whole, long bytes) {
            this.whole = whole;
            this.left = bytes;
        }

        @Override
        public @Nullable Buffer next() {
            var piece = left > 0 ? whole.next() : null;
            if (piece == null) {
                left = 0;
                return null;
            }
            var kept = piece.length() > left ? piece.slice(0, (int) left) : piece;
            left -= kept.length();
            return kept;
        }
    }

    /** The first events of another body, and then an error in the stream; no {@code [DONE]}. */
    private static final class BrokenOff implements Body {
        private final Body whole;
        private int given;

        BrokenOff(Body whole) {
            this.whole = whole;
        }

        @Override
        public @Nullable Buffer next() {
            given++;
            if (given <= CHUNKS_BEFORE_ERROR) {
                return whole.next();
            }
            return given == CHUNKS_BEFORE_ERROR + 1
                    ? ChatStream.event(to -> Answer.writeError(to, SERVER_ERROR, "server_error", null, null))
                    : null;
        }
    }
}
