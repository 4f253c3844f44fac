package io.mixgateway.relay.http;

import io.mixgateway.relay.admit.HoldSize;
import io.mixgateway.relay.call.Caller;
import io.mixgateway.relay.call.Generation;
import io.mixgateway.relay.call.GenerationId;
import io.mixgateway.relay.call.Outcome;
import io.mixgateway.relay.catalog.Endpoint;
import io.mixgateway.relay.content.RequestContent;
import io.mixgateway.relay.meter.TextTally;
import io.mixgateway.relay.meter.TokenCounter;
import io.mixgateway.relay.meter.Usage;
import io.mixgateway.relay.meter.UsageSource;
import io.mixgateway.relay.money.Nanos;
import io.mixgateway.relay.money.Price;
import io.mixgateway.relay.port.Credit;
import io.mixgateway.relay.view.RequestView;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The money end of one call: knows what was held and what was used, and settles once by the policy table (docs/billing).
 * What the provider did not count is counted here, on a worker, and marked estimated.
 */
final class Settlement {
    private static final Logger LOG = LoggerFactory.getLogger(Settlement.class);
    /** How many output tokens a hold grows by when a stream outlives what was assumed. */
    private static final long RAISE_TOKENS = 2_048;
    /** The most it grows by beyond that, ahead of what is needed. */
    private static final long MOST_RAISED_AHEAD = 32_768;

    private final Loop loop;
    private final InferenceCall call;
    private final Caller caller;
    private final GenerationId id;
    private final String modelAsked;
    private final boolean outputIsBounded;
    private final Credit.Hold hold;
    private final boolean stream;
    private final long likelyPromptTokens;
    private long heldOutputTokens;
    /** Set aside later than {@code hold}, when that could not simply grow. */
    private List<Credit.Hold> added = List.of();

    private @Nullable Endpoint endpoint;
    private @Nullable RequestContent prompt;
    private String modelServed = "";
    private TextTally tally = TextTally.NONE;
    private long unreportedBytes;
    private long firstByteNanos;
    private boolean settled;

    Settlement(
            Loop loop,
            InferenceCall call,
            Caller caller,
            GenerationId id,
            RequestView view,
            HoldSize size,
            Credit.Hold hold,
            boolean stream) {
        this.loop = loop;
        this.call = call;
        this.caller = caller;
        this.id = id;
        this.modelAsked = view.model();
        this.outputIsBounded = view.maxTokens().isPresent();
        this.hold = hold;
        this.stream = stream;
        this.likelyPromptTokens = HoldSize.likelyPromptTokens(view);
        this.heldOutputTokens = size.outputTokens();
    }

    /** Which endpoint the next attempt goes to. */
    void at(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    /** Keeps the request for as long as the call lasts, to count its prompt should the provider not do so. */
    void keepPrompt(RequestContent body) {
        prompt = body;
    }

    boolean keepsPrompt() {
        return prompt != null;
    }

    /** There is no room to keep it; what it cost is then only estimated by its length. */
    void forgetPrompt() {
        prompt = null;
    }

    void heardFirstByte() {
        if (firstByteNanos == 0) {
            firstByteNanos = System.nanoTime();
        }
    }

    /** @param bytesSinceUsage of the text, those that came after the last usage that was reported */
    void answered(String model, TextTally said, long bytesSinceUsage) {
        modelServed = model;
        tally = said;
        unreportedBytes = bytesSinceUsage;
    }

    /** Puts the call's ids on the answer. */
    void mark(HttpServerResponse response) {
        if (response.headWritten() || response.closed()) {
            return;
        }
        response.putHeader(Headers.REQUEST_ID, call.requestId()).putHeader(Headers.GENERATION, id.value());
        if (endpoint != null) {
            response.putHeader(Headers.PROVIDER, endpoint.provider().name());
        }
    }

    GenerationId id() {
        return id;
    }

    /**
     * Whether what is held still covers a stream that has said this much. The hold grows when it does not: at once where the
     * money is at hand, else it is to be waited for ({@link #waitForMore}).
     */
    boolean covers(TextTally said) {
        if (outputIsBounded || endpoint == null || said.roughTokens() < heldOutputTokens) {
            return true;
        }
        // Twice as much as now, so that a long answer asks seldom; only what it must, should that not be there.
        return raise(missing(said) + Math.min(heldOutputTokens, MOST_RAISED_AHEAD)) || raise(missing(said));
    }

    /** What a stream is short of: one read can bring far more than one raise. */
    private long missing(TextTally said) {
        return Math.max(0, said.roughTokens() - heldOutputTokens) + RAISE_TOKENS;
    }

    private boolean raise(long tokens) {
        var more = costOfOutput(tokens);
        if (more.isPositive() && !hold.raise(more)) {
            return false;
        }
        heldOutputTokens += tokens;
        return true;
    }

    private Nanos costOfOutput(long outputTokens) {
        if (endpoint == null) {
            return Nanos.ZERO;
        }
        var price = priceOf(endpoint, Usage.NONE);
        return price.cost(Usage.text(0, outputTokens, -1)).minus(price.cost(Usage.NONE));
    }

    /** Asks for what {@link #covers} did not find at hand; the answer comes on the call's event loop, at once or in a while. */
    void waitForMore(TextTally said, Consumer<Credit.HoldAnswer> then) {
        long tokens = missing(said);
        switch (loop.relay().credit().hold(caller, id, costOfOutput(tokens))) {
            case Credit.Later(var stage) ->
                stage.whenComplete((answer, failure) -> loop.context()
                        .runOnContext(_ -> then.accept(
                                take(failure == null ? answer : new Credit.Unavailable("it failed"), tokens))));
            case Credit.HoldAnswer answer -> then.accept(take(answer, tokens));
        }
    }

    private Credit.HoldAnswer take(Credit.HoldAnswer answer, long tokens) {
        if (answer instanceof Credit.Held(var more)) {
            if (settled) {
                more.release();
            } else {
                added = Stream.concat(added.stream(), Stream.of(more)).toList();
                heldOutputTokens += tokens;
            }
        }
        return answer;
    }

    private Nanos held() {
        return added.isEmpty()
                ? hold.amount()
                : added.stream().map(Credit.Hold::amount).reduce(hold.amount(), Nanos::plus);
    }

    boolean isSettled() {
        return settled;
    }

    /** Settles the call, once; then goes on with {@code then} on the call's event loop. */
    void settle(Dispatch dispatch, Outcome outcome, Optional<Usage> reported, Runnable then) {
        if (settled) {
            then.run();
            return;
        }
        settled = true;
        if (!isCharged(outcome, reported)) {
            book(dispatch, outcome, reported.orElse(Usage.NONE), UsageSource.PROVIDER, Nanos.ZERO);
            then.run();
            return;
        }
        var used = reported.map(
                usage -> unreportedBytes == 0 ? usage : usage.withOutput(TextTally.likelyTokens(unreportedBytes)));
        var cost = used.map(this::costOf);
        if (cost.isPresent()) {
            var source = unreportedBytes == 0 ? UsageSource.PROVIDER : UsageSource.ESTIMATED;
            book(dispatch, outcome, used.orElseThrow(), source, cost.get());
            then.run();
            return;
        }
        var said = tally;
        var asked = prompt;
        loop.vertx()
                .executeBlocking(
                        () -> Usage.text(
                                asked == null ? likelyPromptTokens : TokenCounter.ofPrompt(asked),
                                said.countTokens(),
                                -1),
                        false)
                .onComplete(counted -> {
                    var usage = counted.succeeded()
                            ? counted.result()
                            : Usage.text(likelyPromptTokens, said.roughTokens(), -1);
                    var estimate = costOf(usage);
                    book(dispatch, outcome, usage, UsageSource.ESTIMATED, estimate == null ? held() : estimate);
                    then.run();
                });
    }

    /** What was used costs so much; null when that is more than there can be, so that the count cannot be true. */
    private @Nullable Nanos costOf(Usage usage) {
        if (endpoint == null) {
            return Nanos.ZERO;
        }
        try {
            return priceOf(endpoint, usage).cost(usage);
        } catch (ArithmeticException e) {
            LOG.warn(
                    "{}: usage of provider {} is beyond any cost: {}",
                    call.requestId(),
                    endpoint.provider().name(),
                    usage);
            return null;
        }
    }

    private static boolean isCharged(Outcome outcome, Optional<Usage> reported) {
        return switch (outcome) {
            case COMPLETED, CANCELLED, TRUNCATED, FUNDS_EXHAUSTED -> true;
            case CANCELLED_BEFORE_FIRST_TOKEN -> reported.isPresent();
            case UPSTREAM_ERROR, REJECTED, UNKNOWN -> false;
        };
    }

    /** As this caller is charged, in the service tier that the provider says it served. */
    private Price priceOf(Endpoint at, Usage usage) {
        return at.price().orElseThrow().discounted(caller.discount()).of(usage);
    }

    private void book(Dispatch dispatch, Outcome outcome, Usage usage, UsageSource source, Nanos cost) {
        long now = System.nanoTime();
        var latency = Duration.ofNanos(now - call.startedNanos());
        var provider = endpoint == null ? "" : endpoint.provider().name();
        var generation = new Generation(
                id,
                id.createdAt(),
                caller.account(),
                caller.key(),
                modelAsked,
                provider,
                endpoint == null ? "" : endpoint.model(),
                modelServed,
                call.surface().dialect(),
                stream,
                outcome,
                usage,
                source,
                cost,
                held(),
                endpoint == null ? "" : priceOf(endpoint, usage).version(),
                latency.toMillis(),
                firstByteNanos == 0
                        ? -1
                        : Duration.ofNanos(firstByteNanos - call.startedNanos()).toMillis(),
                dispatch.attempts());
        try {
            hold.settle(generation);
        } catch (RuntimeException bug) {
            // The client has its answer, or most of it. No new call is let in while the journal is in trouble.
            LOG.error("{}: the generation {} could not be booked", call.requestId(), id.value(), bug);
            hold.release();
        }
        added.forEach(Credit.Hold::release);
        var metrics = loop.relay().metrics();
        metrics.finished(provider, outcome, latency);
        if (source == UsageSource.ESTIMATED) {
            metrics.usageEstimated();
        }
        if (!usage.addsUp()) {
            metrics.usageDoesNotAddUp();
            LOG.warn("{}: usage of provider {} does not add up: {}", call.requestId(), provider, usage);
        }
    }
}
