package io.mixgateway.web.session;

import static java.util.Objects.requireNonNull;

import io.mixgateway.platform.ChangeRefused;
import io.mixgateway.platform.keys.ApiKeys;
import io.mixgateway.platform.privacy.SetCookie;
import io.mixgateway.platform.signin.Client;
import io.mixgateway.platform.signin.Passwords;
import io.mixgateway.platform.signin.Sessions;
import io.mixgateway.platform.signin.SignIn;
import io.mixgateway.platform.signin.SignIn.Chosen;
import io.mixgateway.platform.signin.SignIn.Result;
import io.mixgateway.relay.call.CallRefused;
import io.mixgateway.relay.call.Refusal;
import io.mixgateway.web.Answer;
import io.mixgateway.web.Asked;
import io.mixgateway.web.Permission;
import io.mixgateway.web.Route;
import io.mixgateway.web.Seen;
import io.mixgateway.web.page.Page;
import io.mixgateway.web.page.Site;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Signing in and out, and choosing the first password by the link of the first start. */
public final class SignInPages {
    private final Site site;
    private final SignIn signIn;
    private final Sessions sessions;
    private final ApiKeys keys;

    public SignInPages(Site site, SignIn signIn, Sessions sessions, ApiKeys keys) {
        this.site = requireNonNull(site, "site");
        this.signIn = requireNonNull(signIn, "signIn");
        this.sessions = requireNonNull(sessions, "sessions");
        this.keys = requireNonNull(keys, "keys");
    }

    public List<Route> routes() {
        return Stream.of(
                        site.page("/sign-in", Permission.ANYONE, this::ask),
                        site.form("/sign-in", Permission.ANYONE, this::enter),
                        site.form("/sign-out", Permission.OWN_SIGN_IN, this::leave),
                        site.page("/setup/:token", Permission.SECRET_IN_PATH, this::askToChoose),
                        site.form("/setup/:token", Permission.SECRET_IN_PATH, this::choose))
                .flatMap(List::stream)
                .toList();
    }

    private Answer ask(Page page, Asked asked) {
        if (asked.signedIn().isPresent()) {
            return Answer.seeOther(next(page, asked));
        }
        return form(page, asked, 200, "");
    }

    private Answer enter(Page page, Asked asked) {
        if (isReadable(asked.seen())) {
            return form(page, asked, 400, "sign-in.insecure");
        }
        Result result;
        try {
            result = signIn.signIn(asked.field("email"), asked.field("password"), client(asked.seen()));
        } catch (ChangeRefused _) {
            throw new CallRefused(Refusal.OVERLOADED, "Too many sign in at once. Try again in a moment.");
        }
        return switch (result) {
            case Result.In(var token) ->
                Answer.seeOther(next(page, asked)).withCookie(SetCookie.SESSION, token.reveal());
            case Result.Wrong() -> form(page, asked, 422, "sign-in.wrong");
            case Result.Slow() -> form(page, asked, 429, "sign-in.slow");
        };
    }

    private static Answer form(Page page, Asked asked, int status, String problem) {
        return page.titled(page.t("sign-in.title"))
                .draw(
                        status,
                        "session/sign-in.jte",
                        Map.of(
                                "email",
                                asked.field("email"),
                                "next",
                                asked.query().getOrDefault("next", ""),
                                "problem",
                                problem.isEmpty() ? "" : page.t(problem)));
    }

    private Answer leave(Page page, Asked asked) {
        var who = asked.person();
        sessions.end(who.person(), who.session()).forEach(keys::revoke);
        return Answer.seeOther(page.link("/sign-in")).withoutCookie(SetCookie.SESSION);
    }

    private Answer askToChoose(Page page, Asked asked) {
        return signIn.whose(asked.segment("token"))
                .map(email -> chooseForm(page, 200, email, ""))
                .orElseGet(() -> gone(page));
    }

    private Answer choose(Page page, Asked asked) {
        var email = signIn.whose(asked.segment("token"));
        if (email.isEmpty()) {
            return gone(page);
        }
        if (isReadable(asked.seen())) {
            return chooseForm(page, 400, email.get(), page.t("sign-in.insecure"));
        }
        if (!asked.field("password").equals(asked.field("again"))) {
            return chooseForm(page, 422, email.get(), page.t("password.differ"));
        }
        return switch (signIn.choose(asked.segment("token"), asked.field("password"), client(asked.seen()))) {
            case Chosen.In(var token, var orphans) -> {
                orphans.forEach(keys::revoke);
                yield Answer.seeOther(page.link("/dashboard")).withCookie(SetCookie.SESSION, token.reveal());
            }
            case Chosen.Refused(var fault) -> chooseForm(page, 422, email.get(), words(page, fault));
            case Chosen.Gone() -> gone(page);
        };
    }

    private static Answer chooseForm(Page page, int status, String email, String problem) {
        return page.titled(page.t("setup.title"))
                .draw(status, "session/setup.jte", Map.of("email", email, "problem", problem));
    }

    private static Answer gone(Page page) {
        return page.titled(page.t("setup.gone.title")).draw(404, "session/setup-gone.jte", Map.of());
    }

    /** Why a password is not taken, in the page's language. */
    static String words(Page page, Passwords.Fault fault) {
        return page.t("password." + fault.name().toLowerCase(Locale.ROOT), Passwords.SHORTEST);
    }

    static Client client(Seen seen) {
        return Client.of(seen.header("user-agent").orElse(""), seen.address());
    }

    /** Where the person wanted to go, if that is a page of this site. */
    private static String next(Page page, Asked asked) {
        var next = Site.localPath(asked.query().getOrDefault("next", ""));
        return next.equals("/") || next.contains("/sign-") ? page.link("/dashboard") : next;
    }

    /** Whether the password came over plain http from another machine: a browser would drop the cookie, and others could read it. */
    private static boolean isReadable(Seen seen) {
        var origin = seen.header("origin").orElse("");
        return origin.startsWith("http://")
                && !origin.matches("http://(localhost|127\\.0\\.0\\.1|\\[::1\\]|[a-z0-9.-]+\\.localhost)(:\\d+)?");
    }
}
