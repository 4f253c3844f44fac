package io.mixgateway.relay.sandbox;

import static java.util.Objects.requireNonNull;

import io.mixgateway.relay.upstream.Upstream;
import io.vertx.core.Context;
import java.time.InstantSource;
import java.util.function.Supplier;

/**
 * The sandbox as an upstream: {@code /chat/completions} and {@code /embeddings} in OpenAI's dialect, for every model of
 * {@link SandboxModels}. What the endpoint's model is decides; the body's {@code model} only has to be there.
 */
public final class SandboxUpstream implements Upstream {
    /** What takes longer than this to read or to make is done beside the event loop, not on it. */
    private static final long QUICK_CHARS = 8_192;

    private final InstantSource clock;

    public SandboxUpstream(InstantSource clock) {
        this.clock = requireNonNull(clock, "clock");
    }

    @Override
    public Exchange send(Request request, Listener listener, Context context) {
        var playback = new Playback(listener, context);
        if (Tokens.loaded() && request.body().length() <= QUICK_CHARS) {
            context.runOnContext(_ -> quickly(request, playback, context));
        } else {
            beside(context, playback, () -> prepared(request).make().get());
        }
        return playback;
    }

    private void quickly(Request request, Playback playback, Context context) {
        try {
            var prepared = prepared(request);
            if (prepared.chars() <= QUICK_CHARS) {
                playback.play(prepared.make().get());
            } else {
                beside(context, playback, prepared.make());
            }
        } catch (RuntimeException bug) {
            playback.fail(bug);
        }
    }

    private static void beside(Context context, Playback playback, Supplier<Answer> making) {
        context.executeBlocking(making::get, false).onSuccess(playback::play).onFailure(playback::fail);
    }

    /**
     * An answer about to be made.
     *
     * @param chars about how much text that takes
     */
    private record Prepared(long chars, Supplier<Answer> make) {
        static Prepared made(Answer answer) {
            return new Prepared(0, () -> answer);
        }
    }

    private Prepared prepared(Request request) {
        var found = SandboxModels.find(request.endpoint().model());
        if (found.isEmpty()) {
            return Prepared.made(Answer.error(
                    404,
                    "The model '" + request.endpoint().model() + "' does not exist in the sandbox.",
                    "invalid_request_error",
                    "model",
                    "model_not_found"));
        }
        var model = found.get();
        return Faults.instead(model).map(Prepared::made).orElseGet(() -> read(model, request));
    }

    private Prepared read(SandboxModel model, Request request) {
        try {
            return switch (request.path()) {
                case "/chat/completions" -> chat(model, request);
                case "/embeddings" -> embeddings(model, request);
                default ->
                    Prepared.made(Answer.error(
                            404,
                            "Unknown request URL: POST " + request.path() + ".",
                            "invalid_request_error",
                            null,
                            "unknown_url"));
            };
        } catch (Invalid invalid) {
            return Prepared.made(refusal(invalid));
        }
    }

    private Prepared chat(SandboxModel model, Request request) {
        if (model.behaviour() == Behaviour.EMBEDS) {
            throw Invalid.value("model", "The model '" + model.id() + "' makes embeddings only.");
        }
        var asked = ChatRequestReader.read(request.body(), model.maxOutputTokens());
        return new Prepared(charsOf(model, asked), () -> reply(model, asked));
    }

    /** A schema of any length may take long: callers can write one that has no easy answer. */
    private static long charsOf(SandboxModel model, ChatRequest asked) {
        boolean shaped = !asked.tools().isEmpty() || asked.format() instanceof ChatRequest.Format.Shaped;
        long talk = model.behaviour() == Behaviour.TALKS_LONG ? model.parameter() : 0;
        return shaped
                ? Long.MAX_VALUE
                : asked.n() * (talk + asked.lastMessage().text().length());
    }

    private Answer reply(SandboxModel model, ChatRequest asked) {
        ChatReply reply;
        try {
            reply = new ChatComposer(model, asked, clock.instant().getEpochSecond()).compose();
        } catch (Invalid invalid) {
            return refusal(invalid);
        }
        boolean reports = model.behaviour() != Behaviour.HIDES_USAGE;
        var good = asked.stream()
                ? Answer.events(new ChatStream(reply, reporting(model, asked)))
                : Answer.json(200, new ChatDocument(reply, reports).body());
        return Faults.applied(model, good, asked.stream(), reply.usage().completion());
    }

    private static ChatStream.Reporting reporting(SandboxModel model, ChatRequest asked) {
        if (model.behaviour() == Behaviour.RUNS_USAGE) {
            return ChatStream.Reporting.ON_EVERY_CHUNK;
        }
        return asked.includeUsage() && model.behaviour() != Behaviour.HIDES_USAGE
                ? ChatStream.Reporting.AT_THE_END
                : ChatStream.Reporting.NEVER;
    }

    private static Prepared embeddings(SandboxModel model, Request request) {
        var asked = EmbeddingRequest.read(request.body());
        boolean reports = model.behaviour() != Behaviour.HIDES_USAGE;
        var good = Answer.json(200, new EmbeddingDocument(model.id(), asked, reports).body());
        return Prepared.made(Faults.applied(model, good, false, 1));
    }

    private static Answer refusal(Invalid invalid) {
        return Answer.error(400, invalid.text(), "invalid_request_error", invalid.param(), invalid.code());
    }
}
