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
import java.util.Optional;
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

    private final Loop loop;
    private final InferenceCall call;
    private final Caller caller;
    private final GenerationId id;
    private final String modelAsked;
    private final boolean outputIsBounded;
    private final Credit.Hold hold;
    private final boolean stream;
    private final long promptTokens;
    private long heldOutputTokens;

    private @Nullable Endpoint endpoint;
    private @Nullable RequestContent prompt;
    private String modelServed = "";
    private TextTally tally = TextTally.NONE;
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
        this.promptTokens = size.promptTokens();
        this.heldOutputTokens = size.outputTokens();
    }

    /** Which endpoint the next attempt goes to. */
    void at(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    void keepPrompt(RequestContent body) {
        prompt = body;
    }

    void heardFirstByte() {
        if (firstByteNanos == 0) {
            firstByteNanos = System.nanoTime();
        }
    }

    void answered(String model, TextTally said) {
        modelServed = model;
        tally = said;
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

    /** Whether what is held still covers a stream that has said this much; grows the hold when it does not. */
    boolean covers(TextTally said) {
        if (outputIsBounded || endpoint == null || said.roughTokens() < heldOutputTokens) {
            return true;
        }
        var price = priceOf(endpoint, Usage.NONE);
        long tokens =
                said.roughTokens() - heldOutputTokens + RAISE_TOKENS; // one read can bring far more than one raise
        var more = price.cost(Usage.text(0, tokens, -1)).minus(price.cost(Usage.NONE));
        if (more.isPositive() && !hold.raise(more)) {
            return false;
        }
        heldOutputTokens += tokens;
        return true;
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
        } else if (reported.isPresent()) {
            charge(dispatch, outcome, reported.get(), UsageSource.PROVIDER);
            then.run();
        } else {
            var said = tally;
            var asked = prompt;
            loop.vertx()
                    .executeBlocking(
                            () -> Usage.text(
                                    asked == null ? promptTokens : TokenCounter.ofPrompt(asked),
                                    said.countTokens(),
                                    -1),
                            false)
                    .onComplete(counted -> {
                        charge(
                                dispatch,
                                outcome,
                                counted.succeeded()
                                        ? counted.result()
                                        : Usage.text(promptTokens, said.roughTokens(), -1),
                                UsageSource.ESTIMATED);
                        then.run();
                    });
        }
    }

    private static boolean isCharged(Outcome outcome, Optional<Usage> reported) {
        return switch (outcome) {
            case COMPLETED, CANCELLED, TRUNCATED, FUNDS_EXHAUSTED -> true;
            case CANCELLED_BEFORE_FIRST_TOKEN -> reported.isPresent();
            case UPSTREAM_ERROR, REJECTED, UNKNOWN -> false;
        };
    }

    private void charge(Dispatch dispatch, Outcome outcome, Usage usage, UsageSource source) {
        book(
                dispatch,
                outcome,
                usage,
                source,
                endpoint == null ? Nanos.ZERO : priceOf(endpoint, usage).cost(usage));
    }

    /** As this caller is charged, in the service tier that the provider says it served. */
    private Price priceOf(Endpoint at, Usage usage) {
        return at.price().orElseThrow().discounted(caller.discount()).of(usage);
    }

    private void book(Dispatch dispatch, Outcome outcome, Usage usage, UsageSource source, Nanos cost) {
        long now = System.nanoTime();
        var latency = Duration.ofNanos(now - call.startedNanos());
        var provider = endpoint == null ? "" : endpoint.provider().name();
        hold.settle(new Generation(
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
                hold.amount(),
                endpoint == null ? "" : priceOf(endpoint, usage).version(),
                latency.toMillis(),
                firstByteNanos == 0
                        ? -1
                        : Duration.ofNanos(firstByteNanos - call.startedNanos()).toMillis(),
                dispatch.attempts()));
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
