package io.mixgateway.relay.http;

import io.mixgateway.relay.admit.HoldSize;
import io.mixgateway.relay.call.CallRefused;
import io.mixgateway.relay.call.Caller;
import io.mixgateway.relay.call.GenerationId;
import io.mixgateway.relay.call.PresentedKey;
import io.mixgateway.relay.call.Refusal;
import io.mixgateway.relay.content.RequestContent;
import io.mixgateway.relay.meter.TokenCounter;
import io.mixgateway.relay.port.Credit;
import io.mixgateway.relay.port.Idempotency;
import io.mixgateway.relay.route.Plan;
import io.mixgateway.relay.route.Router;
import io.mixgateway.relay.upstream.Connections;
import io.mixgateway.relay.view.RequestReader;
import io.mixgateway.relay.view.RequestView;
import io.vertx.core.AsyncResult;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call, from its first byte until its money is held: authenticate, read, look, plan, hold. Then {@link Dispatch} has
 * it. Any step may throw {@link CallRefused}, which {@link #step} alone turns into an answer.
 */
final class InferenceCall {
    private static final Logger LOG = LoggerFactory.getLogger(InferenceCall.class);
    /** Up to this length a prompt is counted by tokenizer when money is short. */
    private static final int LONGEST_COUNTED_PROMPT_BYTES = 64 * 1024;
    /** A longer body is read on a worker: a hostile one of that length takes the reader 25 ms. */
    private static final int LONGEST_BODY_READ_ON_LOOP = 64 * 1024;

    /** So much of a refused body is read on in any case, so that its sender comes to read why. */
    private static final long LEAST_DISCARDED_BYTES = 1024 * 1024;

    private final Loop loop;
    private final Relay relay;
    private final HttpServerRequest request;
    private final Surface surface;
    private final Limits limits;
    private final String requestId = Headers.newRequestId();
    private final long startedNanos = System.nanoTime();

    private @Nullable BodyReader body;
    private @Nullable Caller caller;
    private @Nullable Dispatch dispatch;
    /** What an Idempotency-Key gave, until a generation stands for the call. */
    private Idempotency.@Nullable First claim;

    private long lastReadNanos = startedNanos;
    private boolean bodyComplete;
    private boolean clientLeft;
    private boolean over;

    InferenceCall(Loop loop, HttpServerRequest request, Surface surface) {
        this.loop = loop;
        this.relay = loop.relay();
        this.request = request;
        this.surface = surface;
        this.limits = relay.limits().get();
    }

    void begin() {
        if (!relay.inFlight().enter(limits.maxConcurrentCalls())) {
            over = true;
            discardBody();
            Refusals.answer(
                    request,
                    new CallRefused(
                            Refusal.OVERLOADED, "The gateway is serving as many calls as it can. Try again shortly."),
                    requestId,
                    relay.metrics());
            return;
        }
        loop.live().add(this);
        request.exceptionHandler(_ -> clientLeft());
        request.response().exceptionHandler(_ -> clientLeft());
        request.response().closeHandler(_ -> clientLeft());
        step(this::authenticate);
    }

    private void authenticate() {
        var key = PresentedKey.in(request.headers()::get)
                .orElseThrow(
                        () -> new CallRefused(
                                Refusal.INVALID_API_KEY,
                                "No API key was sent. Send it as 'Authorization: Bearer sk-mg-…'; keys are made in the dashboard or with 'mixgateway keys create'."));
        refuseLongBody();
        var known = relay.callers().cached(key);
        if (known != null) {
            authenticated(known);
            return;
        }
        request.pause();
        later(relay.callers().load(key), found -> {
            authenticated(
                    found.orElseThrow(
                            () -> new CallRefused(
                                    Refusal.INVALID_API_KEY,
                                    "The API key is not valid: unknown, revoked or expired. Check it, or make a new one in the dashboard or with 'mixgateway keys create'.")));
            request.resume();
        });
    }

    private void refuseLongBody() {
        if (announcedLength() > limits.maxBodyBytes()) {
            throw BodyReader.tooLarge(limits.maxBodyBytes());
        }
    }

    private long announcedLength() {
        var header = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return header == null ? -1 : Long.parseLong(header);
        } catch (NumberFormatException _) {
            return -1;
        }
    }

    private void authenticated(Caller found) {
        caller = found;
        var reader = new BodyReader(relay.inFlight().bodies(), limits.maxBodyBytes(), announcedLength());
        body = reader;
        if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
            request.response().writeContinue();
        }
        request.handler(piece -> {
            lastReadNanos = System.nanoTime();
            if (!over) {
                step(() -> reader.append(piece));
            }
        });
        request.endHandler(_ -> {
            if (!over) {
                bodyComplete = true;
                step(this::look);
            }
        });
    }

    private void look() {
        var content = body == null ? RequestContent.NONE : body.content();
        if (content.length() <= LONGEST_BODY_READ_ON_LOOP) {
            looked(content, RequestReader.read(content));
            return;
        }
        loop.vertx().executeBlocking(() -> RequestReader.read(content), false).onComplete(read -> {
            if (!over) {
                step(() -> looked(content, succeeded(read)));
            }
        });
    }

    private static RequestView succeeded(AsyncResult<RequestView> read) {
        return switch (read.cause()) {
            case null -> read.result();
            case RuntimeException said -> throw said;
            case Throwable other -> throw new IllegalStateException("a request could not be read", other);
        };
    }

    private void looked(RequestContent content, RequestView view) {
        var plan =
                Router.plan(view.model(), view.serviceTier(), relay.catalogs().current());
        var key = request.getHeader(Headers.IDEMPOTENCY_KEY);
        if (key == null) {
            sized(content, view, plan);
        } else {
            claim(key, content, () -> sized(content, view, plan));
        }
    }

    /** Goes on with {@code then} when the call has not been made under this key. */
    private void claim(String key, RequestContent content, Runnable then) {
        RepeatedCalls.check(key);
        relay.idempotency()
                .claim(payer(), key, surface.path(), content)
                .whenComplete((answer, failure) -> loop.context().runOnContext(_ -> {
                    if (answer instanceof Idempotency.First first) {
                        if (over) {
                            first.release().run();
                            return;
                        }
                        claim = first;
                        step(then);
                    } else if (!over) {
                        step(() -> {
                            throw RepeatedCalls.refusal(answer, request.response());
                        });
                    }
                }));
    }

    private Caller payer() {
        var payer = caller;
        if (payer == null) {
            throw new IllegalStateException("looked before authenticated");
        }
        return payer;
    }

    private void sized(RequestContent content, RequestView view, Plan plan) {
        var payer = payer();
        var rough = size(payer, view, plan, HoldSize.roughPromptTokens(view));
        if (!rough.amount().isPositive()
                || content.length() > LONGEST_COUNTED_PROMPT_BYTES
                || relay.credit().isAmple(payer, rough.amount())) {
            hold(payer, view, plan, rough);
            return;
        }
        loop.vertx()
                .executeBlocking(() -> TokenCounter.ofPrompt(content), false)
                .onComplete(counted -> {
                    if (!over) {
                        long tokens = counted.succeeded() ? counted.result() : rough.promptTokens();
                        step(() -> hold(payer, view, plan, size(payer, view, plan, tokens)));
                    }
                });
    }

    private HoldSize size(Caller payer, RequestView view, Plan plan, long promptTokens) {
        return HoldSize.of(view, promptTokens, plan.endpoints(), surface.generates(), payer.discount());
    }

    private void hold(Caller payer, RequestView view, Plan plan, HoldSize size) {
        var generation = claim == null ? GenerationId.at(relay.clock().instant()) : claim.generation();
        held(relay.credit().hold(payer, generation, size.amount()), payer, generation, view, plan, size);
    }

    private void held(
            Credit.HoldAnswer answer,
            Caller payer,
            GenerationId generation,
            RequestView view,
            Plan plan,
            HoldSize size) {
        switch (answer) {
            case Credit.Held(var hold) -> {
                if (over) {
                    hold.release();
                    return;
                }
                try {
                    dispatch = new Dispatch(loop, this, payer, generation, view, plan, size, hold);
                } catch (RuntimeException bug) {
                    hold.release();
                    throw bug;
                }
                claim = null; // from here on the generation tells what became of the call
                dispatch.start();
                if (clientLeft) {
                    dispatch.clientLeft();
                }
            }
            case Credit.Refused refused -> throw CreditRefusals.of(refused, size, view, plan);
            case Credit.Later(var stage) -> waitForHold(stage, payer, generation, view, plan, size);
        }
    }

    private void waitForHold(
            CompletionStage<Credit.HoldAnswer> stage,
            Caller payer,
            GenerationId generation,
            RequestView view,
            Plan plan,
            HoldSize size) {
        stage.whenComplete((answer, failure) -> loop.context()
                .runOnContext(_ -> step(() -> {
                    if (failure != null) {
                        throw new IllegalStateException("credit hold failed", failure);
                    }
                    if (over && answer instanceof Credit.Held(var hold)) {
                        hold.release();
                    } else if (!over) {
                        held(answer, payer, generation, view, plan, size);
                    }
                })));
    }

    /** Goes on with what a port answers later, on this call's event loop, unless the call is over by then. */
    private <T> void later(CompletionStage<T> stage, Consumer<T> next) {
        stage.whenComplete((value, failure) -> loop.context().runOnContext(_ -> {
            if (over) {
                return;
            }
            step(() -> {
                if (failure != null) {
                    throw new CallRefused(
                            Refusal.OVERLOADED,
                            "The gateway's store does not answer just now, so the call was not made. Try again shortly.");
                }
                next.accept(value);
            });
        }));
    }

    /** Runs one step of the story; the one place where a refusal or a bug becomes an answer. */
    private void step(Runnable step) {
        try {
            step.run();
        } catch (CallRefused refused) {
            refuse(refused);
        } catch (RuntimeException bug) {
            LOG.error("Call {} failed in the gateway", requestId, bug);
            var why = new CallRefused(
                    Refusal.INTERNAL_ERROR,
                    "The gateway failed on this call; nothing was charged. Its request id is " + requestId + ".");
            if (dispatch == null) {
                refuse(why);
            } else {
                dispatch.failed(why);
            }
        }
    }

    private void refuse(CallRefused refused) {
        if (over) {
            return;
        }
        if (!bodyComplete) {
            discardBody();
        }
        giveKeyBack();
        Refusals.answer(request, refused, requestId, relay.metrics());
        finish();
    }

    /** Reads on and forgets, so that the client can finish sending and read its answer; a client that sends without end is cut off. */
    private void discardBody() {
        long[] left = {Math.max(2 * limits.maxBodyBytes(), LEAST_DISCARDED_BYTES)};
        request.handler(piece -> {
            left[0] -= piece.length();
            if (left[0] < 0) {
                drop();
            }
        });
        request.resume();
    }

    /** Ends the exchange with a client that does not keep to it: its connection or, over HTTP/2, only this stream. */
    void drop() {
        if (isHttp1()) {
            Connections.sever(request.connection());
        } else {
            request.response().reset();
        }
    }

    /** The client's connection is gone, or its stream was reset. */
    private void clientLeft() {
        if (over || clientLeft) {
            return;
        }
        clientLeft = true;
        if (dispatch != null) {
            dispatch.clientLeft();
        } else {
            finish();
        }
    }

    void tick(long nowNanos) {
        if (dispatch != null) {
            dispatch.tick(nowNanos);
        } else if (!bodyComplete
                && (nowNanos - lastReadNanos > limits.idle().toNanos()
                        || nowNanos - startedNanos > limits.total().toNanos())) {
            refuse(new CallRefused(Refusal.TIMEOUT, "The request body did not arrive in time."));
            if (isHttp1()) {
                request.connection().close(); // behind the refusal
            } else {
                request.response().reset();
            }
        }
    }

    /** The call is over: whatever it took of the process is given back. */
    void finish() {
        if (over) {
            return;
        }
        over = true;
        giveKeyBack();
        releaseBody();
        loop.live().remove(this);
        relay.inFlight().leave();
    }

    /** Without a generation the call was never made, so its Idempotency-Key is free again. */
    private void giveKeyBack() {
        if (claim != null) {
            claim.release().run();
            claim = null;
        }
    }

    /** The body is not needed any more. */
    void releaseBody() {
        if (body != null) {
            body.release();
            body = null;
        }
    }

    HttpServerRequest request() {
        return request;
    }

    Surface surface() {
        return surface;
    }

    Limits limits() {
        return limits;
    }

    String requestId() {
        return requestId;
    }

    long startedNanos() {
        return startedNanos;
    }

    Optional<String> origin() {
        return Optional.ofNullable(request.getHeader(HttpHeaders.ORIGIN));
    }

    boolean isHttp1() {
        return request.version() != HttpVersion.HTTP_2;
    }
}
