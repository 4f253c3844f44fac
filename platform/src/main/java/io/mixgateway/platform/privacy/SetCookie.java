package io.mixgateway.platform.privacy;

import java.time.Duration;
import java.util.Optional;

/**
 * The cookies there are. {@code web} sets cookies by these constants and in no other way, so that the page about
 * cookies tells all of them. All are essential: they do what the person asked for and nothing else.
 */
public enum SetCookie {
    /** Who is signed in: a random value that means nothing elsewhere. Ends with the session. */
    SESSION("__Host-mixgateway-session", Optional.empty()),
    /** The language that was chosen by hand. */
    LANGUAGE("mixgateway-language", Optional.of(Duration.ofDays(365))),
    /** Light or dark, when it was chosen by hand. */
    THEME("mixgateway-theme", Optional.of(Duration.ofDays(365)));

    private final String cookieName;
    private final Optional<Duration> lifetime;

    SetCookie(String cookieName, Optional<Duration> lifetime) {
        this.cookieName = cookieName;
        this.lifetime = lifetime;
    }

    /** As the browser knows it. */
    public String cookieName() {
        return cookieName;
    }

    /** How long the browser keeps it; empty when it goes with the session. */
    public Optional<Duration> lifetime() {
        return lifetime;
    }
}
