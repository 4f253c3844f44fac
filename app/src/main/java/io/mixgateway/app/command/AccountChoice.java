package io.mixgateway.app.command;

import io.mixgateway.app.OpenStore;
import io.mixgateway.platform.accounts.Account;
import io.mixgateway.platform.accounts.Accounts;
import io.mixgateway.relay.call.AccountId;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** Which account a command means: the one named, else the owner's. */
final class AccountChoice {
    private AccountChoice() {}

    /** @throws CommandRefused when there is no such account, or no owner yet */
    static AccountId of(@Nullable String named, OpenStore store) {
        var accounts = new Accounts(store.database(), Clock.systemUTC());
        if (named == null) {
            return accounts.owner()
                    .map(Account::id)
                    .orElseThrow(() -> new CommandRefused("There is no owner's account yet: the first `serve` makes it."
                            + " Or make one with accounts create, and name it with --account."));
        }
        return accounts.find(new AccountId(named))
                .map(Account::id)
                .orElseThrow(() ->
                        new CommandRefused("There is no account " + named + ": accounts list shows those there are."));
    }
}
