package io.mixgateway.web;

import static java.util.Objects.requireNonNull;

import io.mixgateway.platform.signin.SignedIn;
import io.mixgateway.relay.call.Caller;
import java.util.Map;
import java.util.Optional;

/**
 * A request, as far as an {@link Route.Answerer} may see it.
 *
 * @param caller who calls; present exactly on routes with {@link Permission#API_KEY}
 * @param path the variable segments of the path, by name
 * @param query the query parameters, the last of each name
 * @param form the fields of a form that was sent, the last of each name
 * @param seen what the request says about itself
 * @param signedIn who sent it, if they are signed in; present on every route whose permission needs a person
 */
public record Asked(
        Optional<Caller> caller,
        Map<String, String> path,
        Map<String, String> query,
        Map<String, String> form,
        Seen seen,
        Optional<SignedIn> signedIn) {
    public Asked {
        requireNonNull(caller, "caller");
        path = Map.copyOf(path);
        query = Map.copyOf(query);
        form = Map.copyOf(form);
        requireNonNull(seen, "seen");
        requireNonNull(signedIn, "signedIn");
    }

    /** The caller of a route that asks for an API key. */
    public Caller signedCaller() {
        return caller.orElseThrow(() -> new IllegalStateException("route asks for no API key"));
    }

    /** The person of a route that asks for one. */
    public SignedIn person() {
        return signedIn.orElseThrow(() -> new IllegalStateException("route asks for no person"));
    }

    /** A variable segment of the path, by the name its route gives it. */
    public String segment(String name) {
        return requireNonNull(path.get(name), name);
    }

    /** A field of the form that was sent; empty text when there is none. */
    public String field(String name) {
        return form.getOrDefault(name, "");
    }
}
