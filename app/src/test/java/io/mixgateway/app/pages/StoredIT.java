package io.mixgateway.app.pages;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.mixgateway.platform.privacy.SetCookie;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** P9: what a browser holds after every page, signed in and out, is the declared cookies and nothing else. */
class StoredIT {
    /** Through a frame's window, because the page closes these stores to its own scripts. */
    private static final String STORES = """
            async () => {
              const frame = document.body.appendChild(document.createElement('iframe'));
              const { localStorage, sessionStorage } = frame.contentWindow;
              const stored = {
                local: Object.keys(localStorage), session: Object.keys(sessionStorage),
                databases: (await indexedDB.databases()).map(one => one.name), caches: await caches.keys(),
                workers: (await navigator.serviceWorker.getRegistrations()).map(one => one.scope) };
              frame.remove();
              return stored;
            }""";

    private static UsedSite site;

    @BeforeAll
    static void start() {
        site = new UsedSite();
    }

    @AfterAll
    static void stop() {
        site.close();
    }

    @Test
    void aStrangerIsGivenNoCookieByAnyPage() {
        try (var stranger = site.browser().person(ColorScheme.LIGHT, 1280, 900, true)) {
            assertThat(afterEveryPage(stranger)).isEmpty();
        }
    }

    @Test
    void whoIsSignedInHasTheSessionsCookieAndNoOther() {
        try (var person = site.signedIn(ColorScheme.LIGHT, 1280)) {
            var page = person.newPage();
            site.open(page, "/en/dashboard/playground?model=sandbox:echo");
            page.fill("#prompt", "Hi");
            page.click("#send");
            page.waitForSelector("#answer-1 [data-receipt]:not([hidden])");
            page.close();

            assertThat(afterEveryPage(person)).containsExactly(SetCookie.SESSION.cookieName());
        }
    }

    @Test
    void aChoiceOfLanguageOrThemeIsRememberedByItsCookieAndSigningOutLeavesThese() {
        try (var person = site.signedIn(ColorScheme.LIGHT, 1280)) {
            var page = person.newPage();
            site.open(page, "/en/models");
            page.click("summary[aria-label='Language and theme']");
            page.click("button[value=dark]");
            assertThat(names(person)).containsExactlyInAnyOrder(name(SetCookie.SESSION), name(SetCookie.THEME));
            page.click("summary[aria-label='Language and theme']");
            page.click("button[value=ko]");
            page.waitForURL("**/ko/models");
            assertThat(names(person))
                    .containsExactlyInAnyOrder(
                            name(SetCookie.SESSION), name(SetCookie.THEME), name(SetCookie.LANGUAGE));

            page.click(".menu >> nth=1");
            page.click(".menu[open] form[action$='/sign-out'] button");
            page.waitForURL("**/ko/sign-in");

            assertThat(names(person)).containsExactlyInAnyOrder(name(SetCookie.THEME), name(SetCookie.LANGUAGE));
            assertThat(person.cookies()).allSatisfy(cookie -> {
                assertThat(cookie.httpOnly).as(cookie.name).isTrue();
                assertThat(cookie.domain).as(cookie.name).isEqualTo("127.0.0.1");
            });
        }
    }

    /** Opens every page, fails when a store of the browser has something, and gives the names of all cookies. */
    private static Set<String> afterEveryPage(BrowserContext person) {
        var page = person.newPage();
        var held = new ArrayList<String>();
        for (String language : List.of("en", "zh", "ko")) {
            for (String path : site.pages(language)) {
                site.open(page, path);
                held.addAll(stored(page, path));
            }
        }
        assertThat(held).isEmpty();
        return names(person);
    }

    private static List<String> stored(Page page, String path) {
        var stores = (Map<?, ?>) page.evaluate(STORES);
        return stores.entrySet().stream()
                .filter(store -> !((List<?>) store.getValue()).isEmpty())
                .map(store -> path + ": " + store)
                .toList();
    }

    private static Set<String> names(BrowserContext person) {
        return person.cookies().stream().map(cookie -> cookie.name).collect(Collectors.toCollection(TreeSet::new));
    }

    private static String name(SetCookie cookie) {
        return cookie.cookieName();
    }
}
