package io.mixgateway.web;

/** What a route asks of who calls it. Every {@link Route} names one. */
public enum Permission {
    /** Nothing: for what tells nobody anything about an account. */
    ANYONE,
    /** An API key that is known, in force and not expired; the route sees that key's account and no other. */
    API_KEY,
    /** The secret in the path itself, such as a set-up link's. */
    SECRET_IN_PATH
}
