package io.mixgateway.platform.journal;

import io.mixgateway.relay.call.AccountId;
import io.mixgateway.relay.call.Attempt;
import io.mixgateway.relay.call.Generation;
import io.mixgateway.relay.call.GenerationId;
import io.mixgateway.relay.call.KeyId;
import io.mixgateway.relay.call.Outcome;
import io.mixgateway.relay.meter.Usage;
import io.mixgateway.relay.meter.UsageSource;
import io.mixgateway.relay.money.Nanos;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;

/** Generations of every shape for tests, from a seed. */
public final class RandomGenerations {
    private static final List<String> NAMES = List.of("gpt-4.1-mini", "", "模型-极速", "claude-💡-latest", "a".repeat(300));

    private static final List<Outcome> OUTCOMES = List.of(Outcome.values());

    private RandomGenerations() {}

    public static Generation any(RandomGenerator random, Instant at) {
        return of(
                random,
                GenerationId.at(at),
                new AccountId("acc-" + random.nextInt(5)),
                new KeyId("key-" + random.nextInt(9)),
                new Nanos(random.nextLong(Long.MAX_VALUE)));
    }

    /** Anything but what is given. */
    public static Generation of(RandomGenerator random, GenerationId id, AccountId account, KeyId key, Nanos cost) {
        return new Generation(
                id,
                id.createdAt(),
                account,
                key,
                name(random),
                name(random),
                name(random),
                name(random),
                "openai",
                random.nextBoolean(),
                OUTCOMES.get(random.nextInt(OUTCOMES.size())),
                new Usage(
                        count(random),
                        count(random),
                        count(random),
                        count(random),
                        count(random),
                        count(random),
                        count(random),
                        count(random),
                        count(random),
                        count(random),
                        count(random) - 1),
                random.nextBoolean() ? UsageSource.PROVIDER : UsageSource.ESTIMATED,
                cost,
                new Nanos(count(random)),
                "mock:gpt-4.1-mini@2026-01-01",
                random.nextInt(Integer.MAX_VALUE),
                random.nextInt(Integer.MAX_VALUE) - 1,
                random.nextBoolean()
                        ? List.of()
                        : List.of(new Attempt("mock", 429, "rate_limited"), new Attempt("other", 200, "completed")));
    }

    /** A plain call that cost {@code cost}. */
    public static Generation costing(AccountId account, KeyId key, Instant at, Nanos cost, Nanos hold) {
        return costing(GenerationId.at(at), account, key, cost, hold);
    }

    /** The same with an id that is known. */
    public static Generation costing(GenerationId id, AccountId account, KeyId key, Nanos cost, Nanos hold) {
        return new Generation(
                id,
                id.createdAt(),
                account,
                key,
                "mock:gpt-4.1-mini",
                "mock",
                "gpt-4.1-mini",
                "gpt-4.1-mini-2026",
                "openai",
                false,
                Outcome.COMPLETED,
                Usage.text(12, 34, 46),
                UsageSource.PROVIDER,
                cost,
                hold,
                "mock:gpt-4.1-mini@1",
                120,
                80,
                List.of(new Attempt("mock", 200, "completed")));
    }

    private static String name(RandomGenerator random) {
        return NAMES.get(random.nextInt(NAMES.size()));
    }

    private static long count(RandomGenerator random) {
        return random.nextLong(1L << random.nextInt(50));
    }
}
