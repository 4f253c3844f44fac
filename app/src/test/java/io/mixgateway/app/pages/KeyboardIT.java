package io.mixgateway.app.pages;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Without a mouse: everything can be reached, what has the focus is seen, nothing keeps it. */
class KeyboardIT {
    private static final int MOST_STOPS = 600;
    private static final int AT_ONCE = 25;

    /** Notes each stop of the focus: which element, and whether one sees it there. */
    private static final String WATCH = """
            () => {
              const wanted = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')]
                .filter(one => one.tabIndex >= 0 && !one.disabled && one.type !== 'hidden'
                  && one.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true }));
              const seen = new Map();
              document.addEventListener('focusin', ({ target }) => {
                target.getAnimations().forEach(one => one.finish());
                target.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'instant' });
                const style = getComputedStyle(target);
                const box = target.getBoundingClientRect();
                const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1;
                const shown = (outlined || style.boxShadow !== 'none') && box.width > 0 && box.height > 0
                  && box.right > 0 && box.left < innerWidth && box.bottom > 0 && box.top < innerHeight;
                seen.set(target, { times: (seen.get(target)?.times ?? 0) + 1, shown });
              });
              window.stops = () => ({
                round: [...seen.values()].some(one => one.times > 1),
                missed: wanted.filter(one => one.isConnected && !seen.has(one)).map(one => one.outerHTML.slice(0, 120)),
                unseen: [...seen].filter(([, one]) => !one.shown).map(([one]) => one.outerHTML.slice(0, 120)),
                count: seen.size });
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
    void everyElementOfEveryPageIsReachedByTabAndSeen() {
        var faults = new ArrayList<String>();
        try (var person = site.signedIn(ColorScheme.LIGHT, 1280);
                var stranger = site.browser().person(ColorScheme.DARK, 390, 844, true)) {
            var page = person.newPage();
            for (String path : site.pages("en")) {
                faults.addAll(faults(page, path));
            }
            var other = stranger.newPage();
            for (String path :
                    List.of("/en", "/en/sign-in", "/en/models", site.setUpLink().replace(site.origin(), ""))) {
                faults.addAll(faults(other, path));
            }
        }

        assertThat(faults).isEmpty();
    }

    private static List<String> faults(Page page, String path) {
        site.open(page, path);
        page.evaluate("document.activeElement.blur()");
        page.evaluate("document.querySelectorAll('details:not(.menu)').forEach(one => one.open = true)");
        page.evaluate(WATCH);
        Map<?, ?> stops = Map.of();
        for (int pressed = 0; pressed < MOST_STOPS; pressed += AT_ONCE) {
            for (int i = 0; i < AT_ONCE; i++) {
                page.keyboard().press("Tab");
            }
            stops = (Map<?, ?>) page.evaluate("stops()");
            if (Boolean.TRUE.equals(stops.get("round"))) {
                break;
            }
        }
        var faults = new ArrayList<String>();
        ((List<?>) stops.get("missed")).forEach(one -> faults.add(path + " is never reached: " + one));
        ((List<?>) stops.get("unseen")).forEach(one -> faults.add(path + " does not show its focus: " + one));
        if (!Boolean.TRUE.equals(stops.get("round"))) {
            faults.add(path + " does not lead round: " + stops);
        }
        return faults;
    }

    @Test
    void escapeClosesAMenuAndGivesTheFocusBack() {
        try (var person = site.signedIn(ColorScheme.LIGHT, 1280)) {
            var page = person.newPage();
            for (String path : List.of("/en/dashboard", "/en/models", "/ko/legal/privacy")) {
                site.open(page, path);
                for (int i = 0; i < 2; i++) {
                    var menu = page.locator(".menu").nth(i);
                    menu.locator("summary").focus();
                    page.keyboard().press("Enter");
                    assertThat(menu.locator(".menu-sheet")).isVisible();
                    page.keyboard().press("Tab");
                    page.keyboard().press("Escape");
                    assertThat(menu.locator(".menu-sheet")).isHidden();
                    assertThat(menu.locator("summary")).isFocused();
                }
            }
        }
    }

    /** The overview renews itself; who is somewhere in it stays there. */
    @Test
    void whatRenewsItselfKeepsTheFocus() {
        try (var person = site.signedIn(ColorScheme.LIGHT, 1280)) {
            var page = person.newPage();
            site.open(page, "/en/dashboard");
            page.locator("#steps-table > summary").focus();
            page.keyboard().press("Enter");
            var calls = page.locator(".figures div:nth-child(3) dd");
            var before = calls.textContent();
            site.gateway().chat("sandbox:echo", "One more.");

            assertThat(calls).not().hasText(before);

            assertThat(page.locator("#steps-table > summary")).isFocused();
            assertThat(page.locator("#steps")).isVisible();
        }
    }

    /** From signing in to a revoked key, without touching the mouse. */
    @Test
    void aDayByKeyboardAlone() {
        try (var person = site.browser().person()) {
            var page = person.newPage();
            site.open(page, "/en");
            page.keyboard().press("Tab");
            assertThat(page.locator(":focus")).hasText("Skip to the content");
            go(page, "header a[href$='/sign-in']");
            page.waitForURL("**/en/sign-in");
            assertThat(page.locator("#email")).isFocused();
            page.keyboard().type(site.gateway().firstRun().adminEmail());
            page.keyboard().press("Tab");
            page.keyboard().type(TestBrowser.PASSWORD);
            page.keyboard().press("Enter");
            page.waitForURL("**/en/dashboard");

            // A key.
            go(page, ".tabs a[href$='/keys']");
            page.waitForURL("**/en/dashboard/keys");
            tabTo(page, "#name");
            page.keyboard().type("by keyboard");
            page.keyboard().press("Enter");
            assertThat(page.locator("#secret")).containsText("sk-mg-");

            // A call and its receipt.
            go(page, ".tabs a[href$='/playground']");
            page.waitForURL("**/en/dashboard/playground");
            tabTo(page, "#prompt");
            page.keyboard().type("Hello");
            go(page, "#send");
            assertThat(page.locator("#answer-1 [data-text]")).containsText("You said: Hello");
            assertThat(page.locator("#answer-1 [data-receipt]")).isVisible();
            go(page, "#answer-1 [data-receipt]");
            page.waitForURL("**/en/dashboard/generations/gen-*");
            assertThat(page.locator("h1")).containsText("completed");

            // The key is revoked.
            go(page, ".tabs a[href$='/keys']");
            page.waitForURL("**/en/dashboard/keys");
            var row = page.locator("tr:has-text('by keyboard')");
            assertThat(row).hasCount(1);
            go(page, "tr:has-text('by keyboard') .btn-danger");
            page.waitForURL("**/revoke");
            go(page, "main form button");
            page.waitForURL("**/en/dashboard/keys*");

            // Another language, and out.
            go(page, "summary[aria-label='Language and theme']");
            go(page, "button[value=zh]");
            page.waitForURL("**/zh/dashboard/keys*");
            go(page, ".menu >> nth=1 >> summary");
            go(page, ".menu[open] form[action$='/sign-out'] button");
            page.waitForURL("**/zh/sign-in");
        }
    }

    private static void go(Page page, String selector) {
        tabTo(page, selector);
        page.keyboard().press("Enter");
    }

    /** Presses Tab until the focus is there. */
    private static void tabTo(Page page, String selector) {
        var wanted = page.locator(selector).first();
        for (int i = 0; i < MOST_STOPS; i++) {
            if (Boolean.TRUE.equals(wanted.evaluate("one => one === document.activeElement"))) {
                return;
            }
            page.keyboard().press("Tab");
        }
        throw new AssertionError("Tab never leads to " + selector + " on " + page.url());
    }
}
