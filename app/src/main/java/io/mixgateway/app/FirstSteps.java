package io.mixgateway.app;

import io.mixgateway.platform.accounts.Account;
import io.mixgateway.platform.accounts.Accounts;
import io.mixgateway.platform.accounts.Setup;
import io.mixgateway.platform.keys.ApiKeys;
import io.mixgateway.platform.ledger.Ledger;
import io.mixgateway.relay.catalog.Secret;
import io.mixgateway.relay.money.Nanos;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What an installation needs before its first call: an owner, some credit to see metering with, a key, a link to choose
 * a password by. Each step can be repeated, so a first start that was cut short is done again by the next.
 */
record FirstSteps(Accounts accounts, ApiKeys keys, Ledger ledger, Setup setup) {
    private static final Nanos CREDIT = new Nanos(5 * Nanos.PER_UNIT);
    private static final Duration LINK_LIFE = Duration.ofDays(7);

    /**
     * Takes the steps, unless they were taken before, by this node or another.
     *
     * @param site where pages are, such as {@code http://127.0.0.1:8080}
     * @return what to hand to whoever started the gateway; empty when it is not the first start
     */
    Optional<FirstRun> take(String site, String adminEmail) {
        var owner = accounts.owner().orElseGet(() -> accounts.createOwner(adminEmail, "Owner"));
        // Revoked keys are listed too: an owner who revoked the only one gets no new one behind their back.
        if (!keys.list(owner.id()).isEmpty()) {
            return Optional.empty();
        }
        ledger.grant(owner.id(), CREDIT, "To try it out", Optional.of("first-run"));
        return Optional.of(handOver(site, owner));
    }

    private FirstRun handOver(String site, Account owner) {
        var token = setup.issue(owner.id(), LINK_LIFE);
        var key = keys.create(owner.id(), "first key", List.of(), Optional.empty());
        return new FirstRun(
                site + "/v1",
                key.secret(),
                owner.id().value(),
                owner.email(),
                new Secret(site + "/setup/" + token.reveal()));
    }
}
