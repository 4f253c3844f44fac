package io.mixgateway.relay.call;

import static java.util.Objects.requireNonNull;

import io.mixgateway.relay.meter.Usage;
import io.mixgateway.relay.meter.UsageSource;
import io.mixgateway.relay.money.Nanos;
import java.time.Instant;
import java.util.List;

/**
 * One finished client request: what was asked of whom, what it used, what it cost. Holds request
 * metadata only; there is no place for content in it.
 *
 * @param createdAt when the call was admitted, equal to {@code id.createdAt()}
 * @param modelAsked the name the client sent
 * @param provider the provider of the last attempt
 * @param modelSent the model id that was sent to that provider
 * @param modelServed the model the provider says it used, or empty when it did not say
 * @param dialect the client's surface, such as {@code openai}
 * @param usage what was used, in disjoint classes
 * @param cost what the account is charged
 * @param hold what had been set aside for the call
 * @param priceVersion the price that billed it
 * @param latencyMillis from the request's last byte in to the answer's last byte out
 * @param firstTokenMillis to the first byte of the answer's body, or -1 when there was none
 */
public record Generation(
        GenerationId id,
        Instant createdAt,
        AccountId account,
        KeyId key,
        String modelAsked,
        String provider,
        String modelSent,
        String modelServed,
        String dialect,
        boolean streamed,
        Outcome outcome,
        Usage usage,
        UsageSource usageSource,
        Nanos cost,
        Nanos hold,
        String priceVersion,
        long latencyMillis,
        long firstTokenMillis,
        List<Attempt> attempts) {
    public Generation {
        requireNonNull(id, "id");
        requireNonNull(createdAt, "createdAt");
        requireNonNull(account, "account");
        requireNonNull(key, "key");
        requireNonNull(modelAsked, "modelAsked");
        requireNonNull(provider, "provider");
        requireNonNull(modelSent, "modelSent");
        requireNonNull(modelServed, "modelServed");
        requireNonNull(dialect, "dialect");
        requireNonNull(outcome, "outcome");
        requireNonNull(usage, "usage");
        requireNonNull(usageSource, "usageSource");
        requireNonNull(priceVersion, "priceVersion");
        attempts = List.copyOf(attempts);
        if (cost.value() < 0 || hold.value() < 0) {
            throw new IllegalArgumentException("cost: " + cost + ", hold: " + hold + " (expected: >= 0)");
        }
    }
}
