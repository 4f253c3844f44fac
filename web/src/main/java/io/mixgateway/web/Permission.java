package io.mixgateway.web;

import static io.mixgateway.platform.signin.Role.ADMIN;
import static io.mixgateway.platform.signin.Role.BILLING;
import static io.mixgateway.platform.signin.Role.DEVELOPER;
import static io.mixgateway.platform.signin.Role.OWNER;
import static io.mixgateway.platform.signin.Role.VIEWER;

import io.mixgateway.platform.signin.Role;
import java.util.Set;

/** What a route asks of who calls it. Every {@link Route} names one, and what none allows is refused. */
public enum Permission {
    /** Nothing: for what tells nobody anything about an account. */
    ANYONE,
    /** Nothing, and who asks is not looked at: files that caches keep, which must carry no cookie. */
    FILE,
    /** An API key that is known, in force and not expired; the route sees that key's account and no other. */
    API_KEY,
    /** The secret in the path itself, such as a set-up link's. */
    SECRET_IN_PATH,
    /** A person who is signed in, to look at their own account. */
    VIEW_ACCOUNT(OWNER, ADMIN, DEVELOPER, BILLING, VIEWER),
    /** A person who is signed in, to change how they themselves sign in. */
    OWN_SIGN_IN(OWNER, ADMIN, DEVELOPER, BILLING, VIEWER),
    /** A person who may make and revoke the account's keys. */
    MANAGE_KEYS(OWNER, ADMIN, DEVELOPER),
    /** A person who may spend the account's credit on calls. */
    MAKE_CALLS(OWNER, ADMIN, DEVELOPER);

    @SuppressWarnings("ImmutableEnumChecker") // Set.of makes one that cannot be changed
    private final Set<Role> roles;

    Permission(Role... roles) {
        this.roles = Set.of(roles);
    }

    /** Whether it takes a person who is signed in. */
    public boolean needsPerson() {
        return !roles.isEmpty();
    }

    /** Whether somebody with that role has it. */
    public boolean isOf(Role role) {
        return roles.contains(role);
    }
}
