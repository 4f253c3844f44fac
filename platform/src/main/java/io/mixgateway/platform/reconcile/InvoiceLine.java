package io.mixgateway.platform.reconcile;

import static java.util.Objects.requireNonNull;

import io.mixgateway.relay.money.Nanos;
import java.time.LocalDate;
import java.util.OptionalLong;

/**
 * What a provider bills for a model on a day.
 *
 * @param day in UTC
 * @param calls how many, when the invoice says
 * @param inputTokens of any class, when the invoice says
 * @param outputTokens of any class, when the invoice says
 * @param cost in the currency of our prices
 */
public record InvoiceLine(
        LocalDate day,
        String model,
        OptionalLong calls,
        OptionalLong inputTokens,
        OptionalLong outputTokens,
        Nanos cost) {
    public InvoiceLine {
        requireNonNull(day, "day");
        requireNonNull(model, "model");
        if (cost.isNegative()) {
            throw new IllegalArgumentException("invoice: a negative cost (expected: 0 or more)");
        }
    }

    /** Both together, as an invoice may have several lines for one model and day. */
    InvoiceLine plus(InvoiceLine other) {
        return new InvoiceLine(
                day,
                model,
                sum(calls, other.calls),
                sum(inputTokens, other.inputTokens),
                sum(outputTokens, other.outputTokens),
                cost.plus(other.cost));
    }

    private static OptionalLong sum(OptionalLong one, OptionalLong other) {
        return one.isPresent() && other.isPresent()
                ? OptionalLong.of(Math.addExact(one.getAsLong(), other.getAsLong()))
                : OptionalLong.empty();
    }
}
