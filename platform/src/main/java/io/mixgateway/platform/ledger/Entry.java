package io.mixgateway.platform.ledger;

import static java.util.Objects.requireNonNull;

import io.mixgateway.relay.call.AccountId;
import io.mixgateway.relay.money.Nanos;
import java.time.Instant;
import java.util.List;

/**
 * One balanced movement of money: what leaves some accounts arrives in others, to the nano.
 *
 * @param idempotencyKey names this movement for ever: booking it again changes nothing
 */
public record Entry(
        TransferKind kind, String idempotencyKey, String description, Instant createdAt, List<Posting> postings) {
    public Entry {
        requireNonNull(kind, "kind");
        requireNonNull(createdAt, "createdAt");
        if (idempotencyKey.isEmpty() || idempotencyKey.length() > 300) {
            throw new IllegalArgumentException(
                    "idempotency key: " + idempotencyKey.length() + " characters (expected: 1 to 300)");
        }
        if (description.length() > 1000) {
            throw new IllegalArgumentException(
                    "description: " + description.length() + " characters (expected: at most 1000)");
        }
        postings = List.copyOf(postings);
        long sum = 0;
        for (Posting posting : postings) {
            sum = Math.addExact(sum, posting.amount().value());
        }
        if (postings.size() < 2 || sum != 0) {
            throw new IllegalArgumentException("postings: " + postings + " (expected: two or more, summing to 0)");
        }
        if (postings.stream().map(Posting::account).distinct().count() != postings.size()) {
            throw new IllegalArgumentException("postings: " + postings + " (expected: each account once)");
        }
        if (postings.stream().map(p -> p.account().currency()).distinct().count() != 1) {
            throw new IllegalArgumentException("postings: " + postings + " (expected: one currency)");
        }
    }

    /** A movement between a customer's credit and the operator; {@code amount} is what the customer gets, or loses when negative. */
    public static Entry of(
            TransferKind kind,
            AccountId customer,
            String currency,
            Nanos amount,
            String idempotencyKey,
            String description,
            Instant createdAt) {
        return new Entry(
                kind,
                idempotencyKey,
                description,
                createdAt,
                List.of(
                        new Posting(LedgerAccount.credit(customer, currency), amount),
                        new Posting(kind.against(currency), Nanos.ZERO.minus(amount))));
    }
}
