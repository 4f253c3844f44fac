package io.mixgateway.app.pages;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/**
 * The system's Chromium; nothing is downloaded. It notes every host that was asked and every complaint of a console, among
 * them what the content security policy refused.
 */
final class TestBrowser implements AutoCloseable {
    static final String PASSWORD = "four quiet rivers meet";

    private final Playwright playwright;
    private final Browser browser;
    private final Set<String> hosts = new ConcurrentSkipListSet<>();
    private final List<String> complaints = new CopyOnWriteArrayList<>();

    private TestBrowser(Playwright playwright, Browser browser) {
        this.playwright = playwright;
        this.browser = browser;
    }

    static TestBrowser open() {
        var program = Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no Chromium here: apt-get install chromium"));
        var playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        var browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(program)
                        .setArgs(List.of("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")));
        return new TestBrowser(playwright, browser);
    }

    /** A person with a fresh browser. */
    BrowserContext person(ColorScheme scheme, int width, int height, boolean script) {
        var context = browser.newContext(new Browser.NewContextOptions()
                .setColorScheme(scheme)
                .setViewportSize(width, height)
                .setLocale("en-US")
                .setTimezoneId("Asia/Seoul")
                .setJavaScriptEnabled(script));
        context.setDefaultTimeout(15_000);
        context.onRequest(request -> {
            if (!request.url().startsWith("data:")) {
                hosts.add(URI.create(request.url()).getAuthority());
            }
        });
        context.onConsoleMessage(message -> {
            // A receipt that is not booked yet is a 404, which a console tells too.
            if (message.type().equals("error") && !message.text().startsWith("Failed to load resource")) {
                complaints.add(message.text());
            }
        });
        context.onWebError(fault -> complaints.add(fault.error()));
        return context;
    }

    BrowserContext person() {
        return person(ColorScheme.LIGHT, 1280, 900, true);
    }

    /** Chooses the owner's password by the set-up link, which signs in. */
    static void setUp(Page page, String setupUrl) {
        page.navigate(setupUrl);
        page.fill("#password", PASSWORD);
        page.fill("#again", PASSWORD);
        page.click("form button.btn-primary");
        page.waitForURL("**/dashboard");
    }

    static void signIn(Page page, String site, String email) {
        page.navigate(site + "/en/sign-in");
        page.fill("#email", email);
        page.fill("#password", PASSWORD);
        page.click("form button.btn-primary");
        page.waitForURL("**/dashboard");
    }

    Set<String> hosts() {
        return hosts;
    }

    List<String> complaints() {
        return complaints;
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
