package io.mixgateway.platform.signin;

import static java.util.Objects.requireNonNull;

import io.mixgateway.platform.accounts.PersonId;
import io.mixgateway.relay.call.AccountId;
import io.mixgateway.relay.catalog.Secret;
import java.util.Optional;

/**
 * Who a request's session belongs to.
 *
 * @param email by which the person signs in
 * @param renewed the token to use from now on, when the time to change it has come
 */
public record SignedIn(
        SessionId session, PersonId person, String email, AccountId account, Role role, Optional<Secret> renewed) {
    public SignedIn {
        requireNonNull(session, "session");
        requireNonNull(person, "person");
        requireNonNull(email, "email");
        requireNonNull(account, "account");
        requireNonNull(role, "role");
        requireNonNull(renewed, "renewed");
    }
}
