package io.mixgateway.app.pages;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Axe finds nothing serious on any page, in each language and both themes. What a theme changes is colours, so in the dark
 * the rules of colour are asked again. What a language changes is words, so in zh and ko the rules of colour, which take most
 * of the time, are asked only with {@code -Daxe=all}.
 */
class AxeIT {
    private static final Set<String> SERIOUS = Set.of("serious", "critical");
    private static final List<String> COLOURS = List.of("color-contrast", "link-in-text-block");

    private static final boolean ALL = "all".equals(System.getProperty("axe"));

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
    void nothingSeriousOnAnyPageInAnyLanguageAndTheme() {
        var found = new ArrayList<String>();
        for (String language : List.of("en", "zh", "ko")) {
            try (var person = site.signedIn(ColorScheme.LIGHT, 1280)) {
                var page = person.newPage();
                for (String path : site.pages(language)) {
                    found.addAll(faults(page, path));
                }
            }
            try (var stranger = site.browser().person(ColorScheme.LIGHT, 390, 844, true)) {
                var page = stranger.newPage();
                var setUp = site.setUpLink().replace(site.origin() + "/setup/", "/" + language + "/setup/");
                for (String path : List.of("", "/sign-in", "/docs/quick-start", "/models", "/nothing", "/setup/gone")) {
                    found.addAll(faults(page, "/" + language + path));
                }
                found.addAll(faults(page, setUp));
            }
        }

        assertThat(found).isEmpty();
    }

    @Test
    void nothingSeriousInMenusAndOnAKeyJustMade() {
        try (var person = site.signedIn(ColorScheme.LIGHT, 390)) {
            var page = person.newPage();
            site.open(page, "/ko/dashboard/keys");
            page.fill("#name", "axe");
            page.click("form button.btn-primary");
            page.waitForSelector("#secret");
            var found = new ArrayList<>(faultsHere(page, "a key just made"));
            for (int i = 0; i < 2; i++) {
                page.locator(".menu > summary").nth(i).click();
                found.addAll(faultsHere(page, "menu " + i));
            }

            assertThat(found).isEmpty();
        }
    }

    private static List<String> faults(Page page, String path) {
        site.open(page, path);
        // What is folded away is looked at too; menus have a test of their own, because they lie above other things.
        page.evaluate("document.querySelectorAll('details:not(.menu)').forEach(one => one.open = true)");
        return ALL || path.startsWith("/en")
                ? faultsHere(page, path)
                : serious(new AxeBuilder(page).disableRules(COLOURS), path);
    }

    private static List<String> faultsHere(Page page, String what) {
        wear(page, ColorScheme.LIGHT);
        var found = new ArrayList<>(serious(new AxeBuilder(page), what + " light"));
        wear(page, ColorScheme.DARK);
        found.addAll(serious(new AxeBuilder(page).withRules(COLOURS), what + " dark"));
        return found;
    }

    /** Colours of buttons fade from one theme to the other; what is looked at is where they arrive. */
    private static void wear(Page page, ColorScheme scheme) {
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
        page.evaluate("document.getAnimations().forEach(one => one.finish())");
    }

    private static List<String> serious(AxeBuilder axe, String what) {
        return axe.analyze().getViolations().stream()
                .filter(rule -> SERIOUS.contains(rule.getImpact()))
                .flatMap(rule -> rule.getNodes().stream()
                        .map(node -> what + ": " + rule.getId() + " " + node.getTarget() + " "
                                + node.getHtml().lines().findFirst().orElse("")))
                .toList();
    }
}
