package io.mixgateway.platform.ledger;

import io.mixgateway.relay.call.AccountId;
import io.mixgateway.relay.money.Nanos;

/**
 * An account's money.
 *
 * @param balance what the books say, with every generation that is booked
 * @param held what open calls have set aside, with what ended calls cost that is not booked yet
 * @param available what another call could set aside: balance and agreed overdraft, less held; never below zero
 */
public record Balances(AccountId account, String currency, Nanos balance, Nanos held, Nanos available) {}
