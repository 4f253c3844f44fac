package io.mixgateway.app.pages;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * {@code ./build … -Dscreens=true}: a picture of every page, in {@code app/target/screens}, to be looked at; English on a phone
 * and a desktop, light and dark, the other languages on a phone.
 */
@EnabledIfSystemProperty(named = "screens", matches = "true")
class ScreensIT {
    private static final int PHONE = 390;
    private static final int DESKTOP = 1280;

    private final Path folder = Path.of("target/screens");

    @Test
    void screens() throws IOException {
        Files.createDirectories(folder);
        try (var site = new UsedSite()) {
            for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
                for (int width : List.of(PHONE, DESKTOP)) {
                    try (var person = site.signedIn(scheme, width)) {
                        var paths = new ArrayList<>(site.pages("en"));
                        paths.addAll(List.of("/en/nothing", "/zh/dashboard", "/ko/dashboard/keys"));
                        for (String path : paths) {
                            picture(person, site, path, scheme, width);
                        }
                        aKeyJustMade(person.newPage(), site, scheme, width);
                        menus(person.newPage(), site, scheme, width);
                    }
                    try (var stranger = site.browser().person(scheme, width, 900, true)) {
                        picture(stranger, site, "/en/sign-in", scheme, width);
                        picture(stranger, site, "/en", scheme, width, "stranger");
                        picture(stranger, site, path(site, site.setUpLink()), scheme, width, "setup");
                        picture(stranger, site, "/en/setup/gone", scheme, width, "setup-gone");
                    }
                }
            }
            for (String language : List.of("zh", "ko")) {
                try (var person = site.signedIn(ColorScheme.LIGHT, PHONE)) {
                    for (String path : site.pages(language)) {
                        picture(person, site, path, ColorScheme.LIGHT, PHONE);
                    }
                }
            }
        }
    }

    private void aKeyJustMade(Page page, UsedSite site, ColorScheme scheme, int width) {
        site.open(page, "/en/dashboard/keys");
        page.fill("#name", "a laptop");
        page.fill("#cap", "12.50");
        page.click("form button.btn-primary");
        page.waitForSelector("#secret");
        shoot(page, "en_dashboard_keys_made", scheme, width);
        page.close();
    }

    private void menus(Page page, UsedSite site, ColorScheme scheme, int width) {
        site.open(page, "/en/dashboard");
        for (int i = 0; i < 2; i++) {
            page.locator(".menu > summary").nth(i).click();
            page.screenshot(new Page.ScreenshotOptions().setPath(folder.resolve(name("en_menu" + i, scheme, width))));
        }
        page.close();
    }

    private static String path(UsedSite site, String url) {
        return url.substring(site.origin().length());
    }

    private void picture(BrowserContext person, UsedSite site, String path, ColorScheme scheme, int width) {
        var name = path.substring(1)
                .replace('/', '_')
                .replace(':', '-')
                .replace(site.generation(), "one")
                .replace(site.key(), "one");
        picture(person, site, path, scheme, width, name);
    }

    private void picture(
            BrowserContext person, UsedSite site, String path, ColorScheme scheme, int width, String name) {
        var page = person.newPage();
        site.open(page, path);
        page.waitForTimeout(200);
        shoot(page, name, scheme, width);
        page.close();
    }

    private void shoot(Page page, String name, ColorScheme scheme, int width) {
        page.screenshot(
                new Page.ScreenshotOptions().setFullPage(true).setPath(folder.resolve(name(name, scheme, width))));
    }

    private static String name(String name, ColorScheme scheme, int width) {
        return name + "-" + scheme.name().toLowerCase(Locale.ROOT) + "-" + width + ".png";
    }
}
