package io.mixgateway.relay.sandbox;

import io.mixgateway.relay.upstream.Upstream;
import io.mixgateway.relay.upstream.UpstreamFailure;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Plays an answer to its listener on the call's event loop, a few pieces per turn of the loop so that other calls get
 * theirs. At most one step is scheduled at any time; a step that comes due while paused waits for {@link #resume}.
 */
final class Playback implements Upstream.Exchange {
    private static final int PIECES_AT_ONCE = 8;
    private static final int BYTES_AT_ONCE = 4096;
    private static final long NO_TIMER = -1;

    private final Upstream.Listener listener;
    private final Context context;
    private boolean paused;
    private boolean over;
    private long timer = NO_TIMER;
    private @Nullable Runnable waiting;

    Playback(Upstream.Listener listener, Context context) {
        this.listener = listener;
        this.context = context;
    }

    /** Begins. Must be called on the event loop, once. */
    void play(Answer answer) {
        switch (answer) {
            case Answer.Silence _ -> {}
            case Answer.Spoken spoken -> after(spoken.tempo().head(), () -> head(spoken));
        }
    }

    /** Ends the attempt because the sandbox itself is broken. */
    void fail(Throwable bug) {
        finish(() -> listener.failed(new UpstreamFailure(
                UpstreamFailure.Kind.BROKEN, "sandbox: " + bug.getClass().getName())));
    }

    private void head(Answer.Spoken answer) {
        listener.head(answer.status(), answer.headers());
        after(answer.tempo().first(), () -> pieces(answer));
    }

    private void pieces(Answer.Spoken answer) {
        long each = answer.tempo().each();
        Buffer pieces = null;
        boolean more = true;
        try {
            int most = each > 0 ? 1 : PIECES_AT_ONCE;
            for (int count = 0; more && count < most; count++) {
                if (pieces != null && pieces.length() >= BYTES_AT_ONCE) {
                    break;
                }
                var piece = answer.body().next();
                more = piece != null;
                if (piece != null) {
                    pieces = pieces == null ? piece : pieces.appendBuffer(piece);
                }
            }
        } catch (RuntimeException bug) {
            fail(bug);
            return;
        }
        if (pieces != null) {
            listener.bytes(pieces);
        }
        if (more) {
            after(each, () -> pieces(answer));
        } else {
            after(0, () -> end(answer.ending()));
        }
    }

    private void end(Answer.Ending ending) {
        switch (ending) {
            case PROPER -> finish(listener::end);
            case BREAK ->
                finish(() ->
                        listener.failed(new UpstreamFailure(UpstreamFailure.Kind.BROKEN, "sandbox: cut as asked for")));
            case NEVER -> {}
        }
    }

    private void finish(Runnable last) {
        if (!over) {
            over = true;
            last.run();
        }
    }

    private void after(long millis, Runnable step) {
        if (over) {
            return;
        }
        if (millis > 0) {
            timer = context.owner().setTimer(millis, _ -> {
                timer = NO_TIMER;
                due(step);
            });
        } else {
            context.runOnContext(_ -> due(step));
        }
    }

    private void due(Runnable step) {
        if (over) {
            return;
        }
        if (paused) {
            waiting = step;
        } else {
            step.run();
        }
    }

    @Override
    public void pause() {
        paused = true;
    }

    @Override
    public void resume() {
        paused = false;
        var step = waiting;
        if (step != null) {
            waiting = null;
            context.runOnContext(_ -> due(step));
        }
    }

    @Override
    public void cancel() {
        over = true;
        waiting = null;
        if (timer != NO_TIMER) {
            context.owner().cancelTimer(timer);
            timer = NO_TIMER;
        }
    }
}
