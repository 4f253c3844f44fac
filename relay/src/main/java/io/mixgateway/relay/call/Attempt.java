package io.mixgateway.relay.call;

import static java.util.Objects.requireNonNull;

/**
 * One try at one endpoint, as the receipt shows it.
 *
 * @param provider the provider's configured name
 * @param status the HTTP status it answered, or 0 when there was none
 * @param outcome a stable word: {@code completed}, {@code rate_limited}, {@code connect_failed}, {@code timeout}, …
 */
public record Attempt(String provider, int status, String outcome) {
    public Attempt {
        requireNonNull(provider, "provider");
        requireNonNull(outcome, "outcome");
    }
}
