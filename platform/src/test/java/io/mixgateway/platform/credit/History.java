package io.mixgateway.platform.credit;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What happens to one or two accounts, as a seed has it. Plays on one thread. */
final class History {
    private static final int STEPS = 25;

    private final int seed;
    private final Random random;
    private final List<PlayedAccount> accounts = new ArrayList<>();

    History(MoneyWorld world, FailingFleet fleet, int seed) {
        this.seed = seed;
        this.random = new Random(seed);
        for (int i = 0; i <= random.nextInt(2); i++) {
            accounts.add(new PlayedAccount(world, fleet, random, "history-" + seed + "-" + i));
        }
    }

    int seed() {
        return seed;
    }

    List<PlayedAccount> accounts() {
        return accounts;
    }

    /** Plays it to its end, at which no call is open. */
    History play() {
        try {
            for (int i = 0; i < STEPS; i++) {
                step(accounts.get(random.nextInt(accounts.size())));
            }
            accounts.forEach(PlayedAccount::endAll);
            return this;
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("history with seed " + seed + ": " + e.getMessage(), e);
        }
    }

    private void step(PlayedAccount account) {
        switch (random.nextInt(12)) {
            case 0, 1, 2, 3, 4 -> account.hold();
            case 5, 6, 7 -> account.endOne(random.nextInt(5) > 0);
            case 8 -> account.raise();
            case 9 -> account.move();
            case 10 -> pause();
            default -> {
                account.hold();
                account.endOne(true);
            }
        }
    }

    private void pause() {
        try {
            MILLISECONDS.sleep(random.nextInt(60));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
