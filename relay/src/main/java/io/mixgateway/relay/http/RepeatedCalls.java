package io.mixgateway.relay.http;

import io.mixgateway.relay.call.CallRefused;
import io.mixgateway.relay.call.Refusal;
import io.mixgateway.relay.port.Idempotency;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;

/** What a client is told when an {@code Idempotency-Key} does not let its call go on (docs/idempotency). */
final class RepeatedCalls {
    private static final int LONGEST = 255;

    private RepeatedCalls() {}

    /** @throws CallRefused for a key that is no key: empty, too long, or not visible ASCII */
    static void check(String key) {
        boolean plain = !key.isEmpty() && key.length() <= LONGEST;
        for (int i = 0; plain && i < key.length(); i++) {
            plain = key.charAt(i) > ' ' && key.charAt(i) < 0x7f;
        }
        if (!plain) {
            throw new CallRefused(
                    Refusal.INVALID_REQUEST,
                    "The Idempotency-Key header must be 1 to " + LONGEST
                            + " visible ASCII characters without a blank, such as a UUID.",
                    "Idempotency-Key");
        }
    }

    /** @param answer any but {@link Idempotency.First}; null when the port broke its promise */
    static CallRefused refusal(Idempotency.@Nullable Claim answer, HttpServerResponse response) {
        return switch (answer) {
            case Idempotency.InFlight(var askAgain) -> {
                response.putHeader(HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, askAgain.toSeconds())));
                yield new CallRefused(
                        Refusal.IDEMPOTENCY_IN_FLIGHT,
                        "A call with this Idempotency-Key is under way. Wait for its answer, or ask again shortly.");
            }
            case Idempotency.Made(var generation, var outcome, var cost) -> {
                response.putHeader(Headers.GENERATION, generation.value());
                yield new CallRefused(
                                Refusal.IDEMPOTENCY_REPLAYED,
                                "This Idempotency-Key was used: its call was made and charged once, as generation "
                                        + generation + ". Answers are not stored, so it cannot be sent again;"
                                        + " read the receipt, or make a new call with another key.")
                        .with("generation", generation.value())
                        .with("outcome", outcome.code())
                        .with("cost", cost.toDecimal());
            }
            case Idempotency.Mismatch() ->
                new CallRefused(
                        Refusal.IDEMPOTENCY_MISMATCH,
                        "This Idempotency-Key was used with another request. Use a new key for each new request.");
            case Idempotency.Unavailable(var reason) ->
                new CallRefused(
                        Refusal.OVERLOADED,
                        "It cannot be known just now whether this Idempotency-Key was used, so the call was not made: "
                                + reason + " Try again shortly.");
            case Idempotency.First _ -> throw new IllegalStateException("a claim that was granted is no refusal");
            case null -> throw new IllegalStateException("an idempotency claim failed without saying why");
        };
    }
}
