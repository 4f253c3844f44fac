package io.mixgateway.relay.admit;

import io.mixgateway.relay.catalog.Endpoint;
import io.mixgateway.relay.meter.ServiceTier;
import io.mixgateway.relay.money.Nanos;
import io.mixgateway.relay.view.RequestView;
import java.util.List;

/**
 * How much to set aside for a call: its prompt and the longest output it can have, at the dearest rates, on the
 * dearest of the endpoints that may serve it.
 *
 * @param promptTokens what the prompt is taken for
 * @param outputTokens the longest output of all choices together
 * @param amount what to hold
 * @param discount of the caller's plan, in millionths
 */
public record HoldSize(long promptTokens, long outputTokens, Nanos amount, int discount) {
    /** The output assumed where neither the client nor the model sets a limit; the hold grows while it streams. */
    private static final long OUTPUT_WHEN_NOBODY_SAYS = 4_096;

    private static final long TOKENS_PER_MEDIA_PART = 1_500;
    private static final long LIKELY_TOKENS_PER_MEDIA_PART = 1_000;

    /** A bound that costs nothing to compute: text rarely has more than one token for every two bytes. */
    public static long roughPromptTokens(RequestView view) {
        return view.promptBytes() / 2 + 8 + view.mediaParts() * TOKENS_PER_MEDIA_PART;
    }

    /** What a prompt most likely has, where nobody counted: text has about one token for every four bytes. */
    public static long likelyPromptTokens(RequestView view) {
        return view.promptBytes() / 4 + 8 + view.mediaParts() * LIKELY_TOKENS_PER_MEDIA_PART;
    }

    /**
     * The hold for a call whose prompt has {@code promptTokens}.
     *
     * @param generates whether the surface has output tokens at all (embeddings have none)
     * @param discount of the caller's plan, in millionths
     */
    public static HoldSize of(
            RequestView view, long promptTokens, List<Endpoint> endpoints, boolean generates, int discount) {
        long mostOutput = 0;
        var most = Nanos.ZERO;
        for (Endpoint endpoint : endpoints) {
            long output = generates ? outputTokens(view, endpoint, promptTokens) : 0;
            var cost = cost(view, endpoint, discount, promptTokens, output);
            mostOutput = Math.max(mostOutput, output);
            most = cost.compareTo(most) > 0 ? cost : most;
        }
        return new HoldSize(promptTokens, mostOutput, most, discount);
    }

    private static long outputTokens(RequestView view, Endpoint endpoint, long promptTokens) {
        long perChoice = endpoint.maxOutputTokens().orElse(view.maxTokens().orElse(OUTPUT_WHEN_NOBODY_SAYS));
        if (endpoint.contextTokens().isPresent()) {
            perChoice = Math.min(perChoice, Math.max(1, endpoint.contextTokens().getAsLong() - promptTokens));
        }
        if (view.maxTokens().isPresent()) {
            perChoice = Math.min(perChoice, view.maxTokens().getAsLong());
        }
        return Math.multiplyExact(perChoice, (long) view.choices());
    }

    /** In the service tier asked for or, as a provider may fall back to it, in the standard one, whichever is dearer. */
    private static Nanos cost(RequestView view, Endpoint endpoint, int discount, long promptTokens, long outputTokens) {
        var price = endpoint.price().orElseThrow().discounted(discount);
        boolean media = view.mediaParts() > 0;
        var standard = price.most(promptTokens, outputTokens, media);
        if (view.serviceTier() == ServiceTier.STANDARD) {
            return standard;
        }
        var asked = price.tier(view.serviceTier()).orElse(price).most(promptTokens, outputTokens, media);
        return asked.compareTo(standard) > 0 ? asked : standard;
    }

    /** The largest {@code max_tokens} for which {@code available} would have been enough; 0 when not even the prompt fits. */
    public long affordableMaxTokens(RequestView view, List<Endpoint> endpoints, Nanos available) {
        long low = 0;
        long high = outputTokens / view.choices();
        while (low < high) {
            long middle = low + (high - low + 1) / 2;
            if (fits(view, endpoints, middle * view.choices(), available)) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    private boolean fits(RequestView view, List<Endpoint> endpoints, long output, Nanos available) {
        return endpoints.stream()
                .allMatch(endpoint ->
                        cost(view, endpoint, discount, promptTokens, output).compareTo(available) <= 0);
    }
}
