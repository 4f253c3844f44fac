package io.mixgateway.relay.http;

import io.mixgateway.relay.admit.HoldSize;
import io.mixgateway.relay.call.Attempt;
import io.mixgateway.relay.call.CallRefused;
import io.mixgateway.relay.call.Caller;
import io.mixgateway.relay.call.GenerationId;
import io.mixgateway.relay.call.Outcome;
import io.mixgateway.relay.call.Refusal;
import io.mixgateway.relay.catalog.Endpoint;
import io.mixgateway.relay.catalog.Quirk;
import io.mixgateway.relay.port.Credit;
import io.mixgateway.relay.route.Plan;
import io.mixgateway.relay.upstream.Upstream;
import io.mixgateway.relay.upstream.UpstreamFailure;
import io.mixgateway.relay.view.RequestView;
import io.mixgateway.relay.view.Splice;
import io.netty.buffer.Unpooled;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call whose money is held: tries the planned endpoints, hands the answer to whoever reads its kind, and sees to it
 * that the call ends exactly once, settled.
 *
 * <pre>
 * attempting ── 2xx ──► answering ── end, cut, deadline, client left ──► settled
 *     │  └─ connect failed, 429, 503: the next endpoint, while no byte was accepted
 *     └─ other status, broken, deadline ─────────────────────────────► settled
 * </pre>
 */
final class Dispatch implements Upstream.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatch.class);
    private static final int KEPT_PROMPT_BYTES = 64 * 1024;
    private static final String EVENT_STREAM = "text/event-stream";
    /** Up to this length a changed body is cheaper to copy than to send in pieces. */
    private static final int JOINED_BODY_BYTES = 16 * 1024;

    private final Loop loop;
    private final InferenceCall call;
    private RequestView view;
    private final Plan plan;
    private final List<Attempt> attempts = new ArrayList<>(2);
    private final Settlement settlement;
    private final boolean stream;

    private int next;
    private Upstream.@Nullable Exchange exchange;
    private @Nullable Answer answer;
    private long attemptNanos;
    private long heardNanos;
    private boolean heardBody;
    private boolean waitsForMoney;
    private boolean detached;
    private boolean ended;

    Dispatch(
            Loop loop,
            InferenceCall call,
            Caller caller,
            GenerationId generation,
            RequestView view,
            Plan plan,
            HoldSize size,
            Credit.Hold hold) {
        this.loop = loop;
        this.call = call;
        this.view = view;
        this.plan = plan;
        this.stream = view.stream() && call.surface().generates();
        this.settlement = new Settlement(loop, call, caller, generation, view, size, hold, stream);
        if (view.body().length() <= KEPT_PROMPT_BYTES) {
            settlement.keepPrompt(view.body());
        }
    }

    /** Reads one kind of answer. Called on the event loop, until it has ended the call. */
    interface Answer {
        void bytes(Buffer piece);

        /** The upstream finished its answer. */
        void end();

        /** The upstream broke off, or a deadline passed; {@code why} is what the client is told if it can be. */
        void broken(CallRefused why, boolean ours);

        /** The client is gone. */
        void clientLeft();
    }

    void start() {
        attempt();
    }

    private void attempt() {
        var endpoint = plan.endpoints().get(next);
        next++;
        settlement.at(endpoint);
        attemptNanos = System.nanoTime();
        heardNanos = attemptNanos;
        heardBody = false;
        exchange = loop.upstream(endpoint)
                .send(
                        new Upstream.Request(
                                endpoint,
                                call.surface().upstreamPath(),
                                Headers.toProvider(call.request().headers(), stream),
                                body(endpoint)),
                        this,
                        loop.context());
    }

    private Buffer body(Endpoint endpoint) {
        var splice = new Splice(view).model(endpoint.model());
        if (asksForUsage(endpoint)) {
            splice.askForUsage();
        } else if (stream && endpoint.provider().has(Quirk.REJECTS_STREAM_OPTIONS)) {
            splice.withoutStreamOptions();
        }
        if (view.body().length() <= JOINED_BODY_BYTES) {
            return BufferInternal.buffer(Unpooled.wrappedBuffer(splice.joined()));
        }
        var pieces = splice.pieces();
        var parts = new io.netty.buffer.ByteBuf[pieces.size()];
        for (int i = 0; i < parts.length; i++) {
            var piece = pieces.get(i);
            parts[i] = Unpooled.wrappedBuffer(piece.array(), piece.from(), piece.to() - piece.from());
        }
        return BufferInternal.buffer(parts.length == 1 ? parts[0] : Unpooled.wrappedBuffer(parts.length, parts));
    }

    private boolean asksForUsage(Endpoint endpoint) {
        return stream
                && !view.wantsUsage()
                && !endpoint.provider().has(Quirk.REJECTS_STREAM_OPTIONS)
                && !endpoint.provider().has(Quirk.ALWAYS_STREAMS_USAGE);
    }

    private Endpoint endpoint() {
        return plan.endpoints().get(next - 1);
    }

    @Override
    public void head(int status, MultiMap headers) {
        heardNanos = System.nanoTime();
        if (status / 100 == 2) {
            if (!settlement.keepsPrompt() || !loop.relay().inFlight().bodies().isMostlyFree()) {
                settlement.forgetPrompt();
                call.releaseBody();
            }
            view = view.withoutBody();
            answer = !stream || headers.contains(HttpHeaders.CONTENT_ENCODING)
                    ? new WholeAnswer(this, settlement, status, headers)
                    : isEventStream(headers)
                            ? streamed(headers)
                            : new UnlabelledAnswer(
                                    () -> streamed(headers), () -> new WholeAnswer(this, settlement, status, headers));
        } else {
            answer = new FailedAnswer(this, settlement, status, headers, endpoint());
        }
    }

    private Answer streamed(MultiMap headers) {
        return new StreamedAnswer(this, settlement, headers, asksForUsage(endpoint()));
    }

    private static boolean isEventStream(MultiMap headers) {
        var type = headers.get(HttpHeaders.CONTENT_TYPE);
        return type != null && type.regionMatches(true, 0, EVENT_STREAM, 0, EVENT_STREAM.length());
    }

    @Override
    public void bytes(Buffer piece) {
        heardNanos = System.nanoTime();
        heardBody = true;
        if (answer != null) {
            answer.bytes(piece);
        }
    }

    @Override
    public void end() {
        if (answer != null) {
            answer.end();
        }
    }

    @Override
    public void failed(UpstreamFailure failure) {
        LOG.info(
                "{}: provider {} {} ({})",
                call.requestId(),
                endpoint().provider().name(),
                failure.kind(),
                failure.detail());
        var why = new CallRefused(
                Refusal.UPSTREAM_ERROR,
                failure.provablyNotAccepted()
                        ? "The provider " + endpoint().provider().name()
                                + " cannot be reached just now. Try again, or choose another model."
                        : "The connection to the provider "
                                + endpoint().provider().name() + " broke before its answer was complete.");
        if (answer != null) {
            answer.broken(why, false);
        } else if (!tryNext(
                0, failure.provablyNotAccepted() ? "connect_failed" : "broken", failure.provablyNotAccepted())) {
            refuse(why, Outcome.UPSTREAM_ERROR);
        }
    }

    /**
     * Notes how the attempt ended and begins the next one, if there is one and the provider provably did not accept this one.
     */
    boolean tryNext(int status, String outcome, boolean notAccepted) {
        attempts.add(new Attempt(endpoint().provider().name(), status, outcome));
        if (!notAccepted || detached || ended || next >= plan.endpoints().size()) {
            return false;
        }
        loop.relay().metrics().retried();
        answer = null;
        attempt();
        return true;
    }

    void note(int status, String outcome) {
        attempts.add(new Attempt(endpoint().provider().name(), status, outcome));
    }

    List<Attempt> attempts() {
        return attempts;
    }

    /** Settles without charge and tells the client, if it is still there. */
    void refuse(CallRefused why, Outcome outcome) {
        settlement.settle(this, outcome, java.util.Optional.empty(), () -> {
            if (!detached) {
                settlement.mark(response());
                Refusals.answer(
                        call.request(), why, call.requestId(), loop.relay().metrics());
            }
            close();
        });
    }

    /** A bug of ours: the call ends here, free of charge, and with it whatever the provider still does. */
    void failed(CallRefused why) {
        cancelUpstream();
        note(0, "failed");
        refuse(why, Outcome.UPSTREAM_ERROR);
    }

    HttpServerResponse response() {
        return call.request().response();
    }

    InferenceCall call() {
        return call;
    }

    Loop loop() {
        return loop;
    }

    RequestView view() {
        return view;
    }

    boolean isDetached() {
        return detached;
    }

    void cancelUpstream() {
        if (exchange != null) {
            exchange.cancel();
        }
    }

    /** Stops reading from the upstream while the client does not keep up. */
    void pauseWhileFull() {
        var response = response();
        if (exchange != null && response.writeQueueFull()) {
            exchange.pause();
            response.drainHandler(_ -> {
                clientReads();
                resume();
            });
        }
    }

    /** The client took some of what was waiting for it. */
    void clientReads() {
        heardNanos = System.nanoTime();
    }

    /** Stops reading from the upstream until {@link #goOn}, because it is not known whether more can be paid. */
    void waitForMoney() {
        waitsForMoney = true;
        if (exchange != null) {
            exchange.pause();
        }
    }

    /** There is money for more. */
    void goOn() {
        waitsForMoney = false;
        heardNanos = System.nanoTime();
        if (!response().writeQueueFull()) {
            resume();
        }
    }

    private void resume() {
        if (exchange != null && !waitsForMoney) {
            exchange.resume();
        }
    }

    void clientLeft() {
        if (ended || detached) {
            return;
        }
        detached = true;
        if (answer != null) {
            answer.clientLeft();
        } else if (stream || endpoint().provider().has(Quirk.CANCEL_DETACHED_CALLS)) {
            cancelUpstream();
            note(0, "cancelled");
            settlement.settle(this, Outcome.CANCELLED_BEFORE_FIRST_TOKEN, java.util.Optional.empty(), this::close);
        }
    }

    boolean cancelsWhenClientLeaves() {
        return endpoint().provider().has(Quirk.CANCEL_DETACHED_CALLS);
    }

    void tick(long now) {
        if (ended) {
            return;
        }
        var limits = call.limits();
        if (now - call.startedNanos() > limits.total().toNanos()) {
            deadline("The call took longer than " + limits.total().toSeconds() + " s in all (limits.total).");
        } else if (!heardBody && now - attemptNanos > limits.firstByte().toNanos()) {
            deadline("The provider did not begin to answer within " + seconds(limits.firstByte())
                    + " s (limits.first-byte).");
        } else if (heardBody
                && !waitsForMoney
                && now - heardNanos > limits.idle().toNanos()) {
            if (!detached && response().writeQueueFull()) {
                dropClient(); // it does not read; the rest follows from its leaving
            } else {
                deadline("The provider fell silent for " + seconds(limits.idle()) + " s (limits.idle).");
            }
        }
    }

    /** Ends the exchange with a client that does not read; its leaving is then heard of. */
    void dropClient() {
        call.drop();
    }

    private static String seconds(java.time.Duration duration) {
        return java.math.BigDecimal.valueOf(duration.toMillis(), 3)
                .stripTrailingZeros()
                .toPlainString();
    }

    private void deadline(String message) {
        cancelUpstream();
        var why = new CallRefused(Refusal.TIMEOUT, message + " It was given up; try again, or stream the answer.");
        if (answer != null) {
            answer.broken(why, true);
        } else {
            note(0, "timeout");
            refuse(why, Outcome.UNKNOWN);
        }
    }

    /** The call is settled and over. */
    void close() {
        if (!ended) {
            ended = true;
            call.finish();
        }
    }
}
