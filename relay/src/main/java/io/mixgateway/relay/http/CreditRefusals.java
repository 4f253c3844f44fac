package io.mixgateway.relay.http;

import io.mixgateway.relay.admit.HoldSize;
import io.mixgateway.relay.call.CallRefused;
import io.mixgateway.relay.call.Refusal;
import io.mixgateway.relay.money.Nanos;
import io.mixgateway.relay.port.Credit;
import io.mixgateway.relay.route.Plan;
import io.mixgateway.relay.view.RequestView;

/** What a caller is told whose call could not be held: what it may cost, what there is, and what would fit. */
final class CreditRefusals {
    private CreditRefusals() {}

    static CallRefused of(Credit.Refused refused, HoldSize size, RequestView view, Plan plan) {
        return switch (refused) {
            case Credit.InsufficientCredits(var balance, var available) ->
                withAmounts(
                        new CallRefused(
                                        Refusal.INSUFFICIENT_CREDITS,
                                        "Not enough credit: this call may cost up to " + size.amount() + " USD and "
                                                + available
                                                + " USD is available. Add credit, or ask for fewer tokens (max_tokens).")
                                .with("balance", balance.toDecimal()),
                        available,
                        size,
                        view,
                        plan);
            case Credit.CapExceeded(var cap, var per, var available) ->
                withAmounts(
                        new CallRefused(
                                        Refusal.KEY_CAP_EXCEEDED,
                                        "This key's spend cap of " + cap + " USD per " + per
                                                + " does not allow this call, which may cost up to " + size.amount()
                                                + " USD; " + available
                                                + " USD is left. Raise the cap, use another key, or wait for the next "
                                                + per + ".")
                                .with("cap", cap.toDecimal())
                                .with("per", per),
                        available,
                        size,
                        view,
                        plan);
            case Credit.Barred(var reason) -> new CallRefused(Refusal.FORBIDDEN, reason);
            case Credit.Unavailable(var reason) ->
                new CallRefused(
                        Refusal.OVERLOADED,
                        "Credit cannot be checked just now, so the call was not made: " + reason
                                + ". Try again shortly.");
        };
    }

    private static CallRefused withAmounts(
            CallRefused refused, Nanos available, HoldSize size, RequestView view, Plan plan) {
        return refused.with("available", available.toDecimal())
                .with("needed", size.amount().toDecimal())
                .with("max_tokens_affordable", size.affordableMaxTokens(view, plan.endpoints(), available));
    }
}
