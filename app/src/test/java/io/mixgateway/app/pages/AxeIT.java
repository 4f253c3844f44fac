package io.mixgateway.app.pages;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Axe finds nothing serious on any page, in each language and both themes. What a theme changes is colours, so in the dark
 * the rules of colour are asked again. What a language changes is words, so in zh and ko the rules of colour, which take most
 * of the time, are asked only with {@code -Daxe=all}.
 */
class AxeIT {
    private static final String RUN = """
            async options => {
              const { violations } = await axe.run(document, { ...options, resultTypes: ['violations'] });
              return violations.filter(rule => rule.impact === 'serious' || rule.impact === 'critical')
                .flatMap(rule => rule.nodes.map(node =>
                  rule.id + ' ' + node.target.join(' ') + ' ' + node.html.split('\\n')[0]));
            }""";
    private static final Map<String, Boolean> OFF = Map.of("enabled", false);
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

    @Test
    void findsWhatIsPlanted() {
        try (var stranger = site.browser().person(ColorScheme.LIGHT, 1280, 900, true)) {
            var page = stranger.newPage();
            site.open(page, "/en");
            page.evaluate("""
                    const text = Object.assign(document.createElement('p'), { textContent: 'pale' });
                    text.style.color = '#999';
                    document.querySelector('main').append(text, document.createElement('select'));""");

            assertThat(faultsHere(page, "planted"))
                    .anyMatch(fault -> fault.startsWith("planted light: select-name "))
                    .anyMatch(fault -> fault.startsWith("planted light: color-contrast "));
        }
    }

    private static List<String> faults(Page page, String path) {
        site.open(page, path);
        // What is folded away is looked at too; menus have a test of their own, because they lie above other things.
        page.evaluate("document.querySelectorAll('details:not(.menu)').forEach(one => one.open = true)");
        return ALL || path.startsWith("/en")
                ? faultsHere(page, path)
                : serious(page, Map.of("rules", COLOURS.stream().collect(toMap(rule -> rule, _ -> OFF))), path);
    }

    private static List<String> faultsHere(Page page, String what) {
        wear(page, ColorScheme.LIGHT);
        var found = new ArrayList<>(serious(page, Map.of(), what + " light"));
        wear(page, ColorScheme.DARK);
        found.addAll(serious(page, Map.of("runOnly", COLOURS), what + " dark"));
        return found;
    }

    /** Colours of buttons fade from one theme to the other; what is looked at is where they arrive. */
    private static void wear(Page page, ColorScheme scheme) {
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
        page.evaluate("document.getAnimations().forEach(one => one.finish())");
    }

    /**
     * Without {@code AxeBuilder}, which loads axe anew for each question, and a second time in a page of its own that puts the
     * frames together: there are no frames here.
     */
    private static List<String> serious(Page page, Map<String, ?> options, String what) {
        if (!(boolean) page.evaluate("typeof axe === 'object'")) {
            page.evaluate(AxeBuilder.getAxeScript());
        }
        var violations = (List<?>) page.evaluate(RUN, options);
        return violations.stream().map(fault -> what + ": " + fault).toList();
    }
}
