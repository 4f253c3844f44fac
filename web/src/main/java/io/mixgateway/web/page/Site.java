package io.mixgateway.web.page;

import static java.util.Objects.requireNonNull;

import io.mixgateway.platform.privacy.SetCookie;
import io.mixgateway.platform.signin.SignedIn;
import io.mixgateway.relay.call.CallRefused;
import io.mixgateway.web.Answer;
import io.mixgateway.web.Asked;
import io.mixgateway.web.Permission;
import io.mixgateway.web.Route;
import io.mixgateway.web.Seen;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Makes routes of pages: each page is at its path below {@code /en}, {@code /zh} and {@code /ko}, and the path alone leads
 * to the language of the viewer's cookie, of the browser, or English.
 */
public final class Site {
    /** Which language a viewer chose. Not a secret, so it works over plain http too, without the prefix that forbids that. */
    public static final String LANGUAGE_COOKIE = SetCookie.LANGUAGE.cookieName();

    /** Whether a viewer wants light or dark. */
    public static final String THEME_COOKIE = SetCookie.THEME.cookieName();

    private final Assets assets = Assets.load();
    private final Templates templates = new Templates();
    private final Supplier<String> origin;

    /** @param origin where the site is, such as {@code http://127.0.0.1:8080} */
    public Site(Supplier<String> origin) {
        this.origin = requireNonNull(origin, "origin");
    }

    /** Makes the answer for one page, on a virtual thread. */
    @FunctionalInterface
    public interface PageAnswerer {
        /** @throws CallRefused to say no: it becomes a page that says so */
        Answer answer(Page page, Asked asked);
    }

    /** The static files, and the form by which a viewer chooses language and theme. */
    public List<Route> routes() {
        var routes = new ArrayList<>(assets.routes());
        routes.add(Route.post("/preferences", Permission.ANYONE, this::prefer));
        return routes;
    }

    /** A page to look at. */
    public List<Route> page(String path, Permission permission, PageAnswerer answerer) {
        var routes = new ArrayList<Route>();
        for (Language language : Language.values()) {
            routes.add(Route.get(
                    below(language, path), permission, asked -> answerer.answer(page(language, asked), asked)));
        }
        // Where the page is, is no secret; a secret in the path is.
        var alone = permission == Permission.SECRET_IN_PATH ? permission : Permission.ANYONE;
        routes.add(Route.get(path, alone, Site::toLanguage));
        return routes;
    }

    /** What a form of a page is sent to. */
    public List<Route> form(String path, Permission permission, PageAnswerer answerer) {
        var routes = new ArrayList<Route>();
        for (Language language : Language.values()) {
            routes.add(Route.post(
                    below(language, path), permission, asked -> answerer.answer(page(language, asked), asked)));
        }
        return routes;
    }

    /** What a page says instead of what was asked for. */
    public Answer refused(Seen seen, CallRefused refused, Optional<SignedIn> viewer) {
        var page = page(languageOf(seen), seen, viewer.map(SignedIn::email));
        var code = refused.refusal().code();
        var key = page.says("refused." + code + ".title") ? "refused." + code : "refused.other";
        return page.titled(page.t(key + ".title"))
                .draw(
                        refused.refusal().status(),
                        "error.jte",
                        Map.of(
                                "explanation",
                                page.t(key + ".text"),
                                "status",
                                refused.refusal().status()));
    }

    private Page page(Language language, Asked asked) {
        return page(language, asked.seen(), asked.signedIn().map(SignedIn::email));
    }

    private Page page(Language language, Seen seen, Optional<String> viewer) {
        var own = seen.path();
        var prefix = "/" + language.code();
        var path = own.startsWith(prefix) ? own.substring(prefix.length()) : own;
        var theme = Theme.of(seen.cookie(THEME_COOKIE).orElse(""));
        return new Page(
                this,
                Texts.in(language),
                theme,
                viewer,
                path.isEmpty() ? "/" : path,
                seen.query(),
                "",
                Optional.empty());
    }

    Assets assets() {
        return assets;
    }

    Templates templates() {
        return templates;
    }

    String origin() {
        return origin.get();
    }

    private static String below(Language language, String path) {
        return "/" + language.code() + (path.equals("/") ? "" : path);
    }

    private static Answer toLanguage(Asked asked) {
        var seen = asked.seen();
        var place = below(languageOf(seen), seen.path()) + (seen.query().isEmpty() ? "" : "?" + seen.query());
        return Answer.seeOther(place).withHeader("vary", "cookie, accept-language");
    }

    /** By the path, then by what the viewer chose, then by what the browser likes, then English. */
    public static Language languageOf(Seen seen) {
        var first = seen.path().split("/", 3);
        return (first.length > 1 ? Language.of(first[1]) : Optional.<Language>empty())
                .or(() -> seen.cookie(LANGUAGE_COOKIE).flatMap(Language::of))
                .or(() -> seen.header("accept-language").flatMap(Language::liked))
                .orElse(Language.ENGLISH);
    }

    private Answer prefer(Asked asked) {
        var answer = Answer.seeOther(localPath(asked.query().getOrDefault("to", "/")));
        var language = Language.of(asked.field("language"));
        if (language.isPresent()) {
            answer = answer.withCookie(SetCookie.LANGUAGE, language.get().code());
        }
        var theme = asked.field("theme");
        return theme.isEmpty()
                ? answer
                : answer.withCookie(SetCookie.THEME, Theme.of(theme).code());
    }

    /** {@code path} when it can only be one of this site; else {@code /}. */
    public static String localPath(String path) {
        boolean local = path.startsWith("/")
                && !path.startsWith("//")
                && path.length() < 1_000
                && path.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != '\\');
        return local ? path : "/";
    }
}
