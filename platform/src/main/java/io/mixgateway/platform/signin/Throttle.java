package io.mixgateway.platform.signin;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Predicate;

/**
 * How often one may guess. Failures are counted for a network and for an e-mail address, known or not, over a quarter of
 * an hour; a network with too many is refused, and an address with too many is refused to networks that it never signed
 * in from. So whoever guesses at an address cannot lock its owner out where the owner usually is; and on the machine
 * itself a new set-up link is always to be had. Each node counts for itself.
 */
final class Throttle {
    static final int PER_NETWORK = 20;
    static final int PER_ADDRESS = 60;

    private static final Duration WINDOW = Duration.ofMinutes(15);
    private static final int MOST_REMEMBERED = 100_000;

    private final Cache<String, int[]> failures;

    Throttle(InstantSource clock) {
        this.failures = Caffeine.newBuilder()
                .maximumSize(MOST_REMEMBERED)
                .expireAfterWrite(WINDOW)
                .ticker(() -> Duration.between(java.time.Instant.EPOCH, clock.instant())
                        .toNanos())
                .build();
    }

    /** Whether another try may be made; {@code knownFrom} says whether the address has signed in from that network. */
    boolean allows(String email, String network, Predicate<String> knownFrom) {
        if (count("n " + network) >= PER_NETWORK) {
            return false;
        }
        return count("e " + email) < PER_ADDRESS || knownFrom.test(network);
    }

    void failed(String email, String network) {
        add("n " + network);
        add("e " + email);
    }

    /** A success clears what its own network has failed, not what others have. */
    void succeeded(String network) {
        failures.invalidate("n " + network);
    }

    private int count(String of) {
        var counted = failures.getIfPresent(of);
        return counted == null ? 0 : counted[0];
    }

    private void add(String to) {
        failures.asMap().compute(to, (_, before) -> new int[] {before == null ? 1 : before[0] + 1});
    }
}
