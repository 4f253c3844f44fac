package io.mixgateway.web.session;

import static java.util.Objects.requireNonNull;

import io.mixgateway.platform.privacy.SetCookie;
import io.mixgateway.platform.signin.Sessions;
import io.mixgateway.platform.signin.SignedIn;
import io.mixgateway.web.Answer;
import io.mixgateway.web.Door;
import io.mixgateway.web.Seen;
import io.mixgateway.web.page.Site;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** Knows people by the session cookie, and sends who has none to the sign-in page. */
public final class SessionDoor implements Door {
    private final Sessions sessions;

    public SessionDoor(Sessions sessions) {
        this.sessions = requireNonNull(sessions, "sessions");
    }

    @Override
    public Optional<SignedIn> who(Seen seen) {
        // A part of a page that fetches itself is no sign of life worth a new token, and answers may cross.
        return seen.cookie(SetCookie.SESSION.cookieName()).flatMap(token -> sessions.find(token, !seen.wantsPart()));
    }

    @Override
    public Answer turnAway(Seen seen) {
        var back = !seen.method().equals("POST") && !seen.wantsPart()
                ? "?next="
                        + URLEncoder.encode(
                                seen.path() + (seen.query().isEmpty() ? "" : "?" + seen.query()),
                                StandardCharsets.UTF_8)
                : "";
        var place = "/" + Site.languageOf(seen).code() + "/sign-in" + back;
        if (seen.wantsPart()) {
            return Answer.json(401, Map.of()).withHeader("hx-redirect", place);
        }
        return seen.wantsPage()
                ? Answer.seeOther(place)
                : Answer.json(401, Map.of("error", Map.of("message", "Sign in first.", "code", "not_signed_in")));
    }

    @Override
    public Answer letOut(SignedIn signedIn, Answer answer) {
        // An answer that sets the cookie itself, such as that to signing out, has the last word.
        return signedIn.renewed().isPresent() && answer.cookies().isEmpty()
                ? answer.withCookie(SetCookie.SESSION, signedIn.renewed().get().reveal())
                : answer;
    }
}
