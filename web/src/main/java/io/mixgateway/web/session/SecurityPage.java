package io.mixgateway.web.session;

import static java.util.Objects.requireNonNull;

import io.mixgateway.platform.keys.ApiKeys;
import io.mixgateway.platform.privacy.SetCookie;
import io.mixgateway.platform.signin.SessionId;
import io.mixgateway.platform.signin.Sessions;
import io.mixgateway.platform.signin.SignIn;
import io.mixgateway.web.Answer;
import io.mixgateway.web.Asked;
import io.mixgateway.web.Permission;
import io.mixgateway.web.Route;
import io.mixgateway.web.page.Page;
import io.mixgateway.web.page.Site;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** {@code /dashboard/security}: where one is signed in, and the password. */
public final class SecurityPage {
    private static final String PATH = "/dashboard/security";

    private final Site site;
    private final SignIn signIn;
    private final Sessions sessions;
    private final ApiKeys keys;

    public SecurityPage(Site site, SignIn signIn, Sessions sessions, ApiKeys keys) {
        this.site = requireNonNull(site, "site");
        this.signIn = requireNonNull(signIn, "signIn");
        this.sessions = requireNonNull(sessions, "sessions");
        this.keys = requireNonNull(keys, "keys");
    }

    public List<Route> routes() {
        return Stream.of(
                        site.page(PATH, Permission.OWN_SIGN_IN, (page, asked) -> show(page, asked, 200, "")),
                        site.form(PATH + "/sessions/:id/end", Permission.OWN_SIGN_IN, this::end),
                        site.form(PATH + "/sessions/end-others", Permission.OWN_SIGN_IN, this::endOthers),
                        site.form(PATH + "/password", Permission.OWN_SIGN_IN, this::change))
                .flatMap(List::stream)
                .toList();
    }

    private Answer show(Page page, Asked asked, int status, String problem) {
        return page.titled(page.t("security.title"))
                .draw(
                        status,
                        "dashboard/security.jte",
                        Map.of(
                                "me",
                                asked.person(),
                                "sessions",
                                sessions.list(asked.person().person()),
                                "problem",
                                problem,
                                "done",
                                asked.query().containsKey("changed")));
    }

    private Answer end(Page page, Asked asked) {
        var session = new SessionId(asked.segment("id"));
        sessions.end(asked.person().person(), session).forEach(keys::revoke);
        return asked.person().session().equals(session)
                ? Answer.seeOther(page.link("/sign-in")).withoutCookie(SetCookie.SESSION)
                : Answer.seeOther(page.link(PATH));
    }

    private Answer endOthers(Page page, Asked asked) {
        sessions.endOthers(asked.person().person(), asked.person().session()).forEach(keys::revoke);
        return Answer.seeOther(page.link(PATH));
    }

    private Answer change(Page page, Asked asked) {
        var who = asked.person();
        var password = asked.field("password");
        if (!password.equals(asked.field("again"))) {
            return show(page, asked, 422, page.t("password.differ"));
        }
        var fault = signIn.fault(password, who.email());
        if (fault.isPresent()) {
            return show(page, asked, 422, SignInPages.words(page, fault.get()));
        }
        return switch (signIn.change(who, asked.field("old"), password, SignInPages.client(asked.seen()))) {
            case WRONG -> show(page, asked, 422, page.t("password.old-wrong"));
            case SLOW -> show(page, asked, 429, page.t("sign-in.slow"));
            case DONE -> {
                sessions.endOthers(who.person(), who.session()).forEach(keys::revoke);
                yield Answer.seeOther(page.link(PATH) + "?changed");
            }
        };
    }
}
