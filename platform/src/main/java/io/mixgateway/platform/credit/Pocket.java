package io.mixgateway.platform.credit;

import java.util.List;

/**
 * What one key draws on: the account's credit first, then the key's caps in the order of its terms. Its {@link Wallet}'s
 * lock guards it.
 */
final class Pocket {
    private final Terms terms;
    private final List<Purse> purses;
    private final List<Long> budgets;
    private long usedAtMillis;

    Pocket(Terms terms, List<Purse> purses, long nowMillis) {
        this.terms = terms;
        this.purses = List.copyOf(purses);
        this.budgets = purses.stream().map(Purse::budget).toList();
        this.usedAtMillis = nowMillis;
    }

    Terms terms() {
        return terms;
    }

    List<Purse> purses() {
        return purses;
    }

    /** The ids of the purses' budgets. */
    List<Long> budgets() {
        return budgets;
    }

    boolean valid(long nowMillis) {
        return nowMillis < terms.untilMillis();
    }

    void used(long nowMillis) {
        usedAtMillis = nowMillis;
    }

    long usedAtMillis() {
        return usedAtMillis;
    }
}
