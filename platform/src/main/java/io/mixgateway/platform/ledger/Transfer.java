package io.mixgateway.platform.ledger;

/**
 * An entry that is in the books.
 *
 * @param repeated whether it had been booked before, by the same idempotency key
 */
public record Transfer(long id, Entry entry, boolean repeated) {}
