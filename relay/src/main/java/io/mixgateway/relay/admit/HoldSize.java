package io.mixgateway.relay.admit;

import io.mixgateway.relay.catalog.Endpoint;
import io.mixgateway.relay.meter.Usage;
import io.mixgateway.relay.money.Nanos;
import io.mixgateway.relay.money.Price;
import io.mixgateway.relay.view.RequestView;
import java.util.List;

/**
 * How much to set aside for a call: its prompt and the longest output it can have, at the dearest rates, on the
 * dearest of the endpoints that may serve it.
 *
 * @param promptTokens what the prompt is taken for
 * @param outputTokens the longest output of all choices together
 * @param amount what to hold
 */
public record HoldSize(long promptTokens, long outputTokens, Nanos amount) {
    /** The output assumed where neither the client nor the model sets a limit; the hold grows while it streams. */
    private static final long OUTPUT_WHEN_NOBODY_SAYS = 4_096;

    private static final long TOKENS_PER_MEDIA_PART = 1_500;

    /** A bound that costs nothing to compute: text rarely has more than one token for every two bytes. */
    public static long roughPromptTokens(RequestView view) {
        return view.promptBytes() / 2 + 8 + view.mediaParts() * TOKENS_PER_MEDIA_PART;
    }

    /**
     * The hold for a call whose prompt has {@code promptTokens}.
     *
     * @param generates whether the surface has output tokens at all (embeddings have none)
     */
    public static HoldSize of(RequestView view, long promptTokens, List<Endpoint> endpoints, boolean generates) {
        long mostOutput = 0;
        var most = Nanos.ZERO;
        for (Endpoint endpoint : endpoints) {
            long output = generates ? outputTokens(view, endpoint, promptTokens) : 0;
            var cost = cost(endpoint.price().orElseThrow(), promptTokens, output);
            mostOutput = Math.max(mostOutput, output);
            most = cost.compareTo(most) > 0 ? cost : most;
        }
        return new HoldSize(promptTokens, mostOutput, most);
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

    private static Nanos cost(Price price, long promptTokens, long outputTokens) {
        boolean writesDearer = price.cacheWrite5m() > price.input();
        boolean thinksDearer = price.reasoning() > price.output();
        return price.cost(new Usage(
                writesDearer ? 0 : promptTokens,
                0,
                writesDearer ? promptTokens : 0,
                0,
                thinksDearer ? 0 : outputTokens,
                thinksDearer ? outputTokens : 0,
                0,
                0,
                0,
                0,
                -1));
    }

    /** The largest {@code max_tokens} for which {@code available} would have been enough; 0 when not even the prompt fits. */
    public long affordableMaxTokens(RequestView view, List<Endpoint> endpoints, Nanos available) {
        long low = 0;
        long high = outputTokens / view.choices();
        while (low < high) {
            long middle = low + (high - low + 1) / 2;
            if (fits(endpoints, middle * view.choices(), available)) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    private boolean fits(List<Endpoint> endpoints, long output, Nanos available) {
        return endpoints.stream()
                .allMatch(endpoint -> cost(endpoint.price().orElseThrow(), promptTokens, output)
                                .compareTo(available)
                        <= 0);
    }
}
