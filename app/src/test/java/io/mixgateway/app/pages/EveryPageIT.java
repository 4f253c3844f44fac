package io.mixgateway.app.pages;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.mixgateway.app.GatewayUnderTest;
import io.mixgateway.platform.privacy.SetCookie;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** What holds for every page there is. */
class EveryPageIT {
    private static final Pattern TITLE = Pattern.compile("<title>([^<]+)</title>");
    private static final Pattern LINK = Pattern.compile("(?:href|action|src)=\"([^\"]+)\"");

    private static GatewayUnderTest gateway;
    private static TestBrowser browser;
    private static BrowserContext owner;
    private static String site;
    private static String cookie;
    private static String generation;
    private static String key;

    @BeforeAll
    static void start() {
        gateway = GatewayUnderTest.start();
        site = "http://127.0.0.1:" + gateway.port();
        browser = TestBrowser.open();
        owner = browser.person();
        TestBrowser.setUp(owner.newPage(), gateway.firstRun().setupUrl().reveal());
        var session = owner.cookies().stream()
                .filter(candidate -> candidate.name.equals(SetCookie.SESSION.cookieName()))
                .findFirst()
                .orElseThrow();
        cookie = session.name + "=" + session.value;
        for (String model :
                List.of("echo", "echo", "free", "reasoning", "cached", "no-usage", "error-500", "long-300")) {
            generation =
                    GatewayUnderTest.generationId(gateway.chat("sandbox:" + model, "Tell me about " + model + "."));
        }
        generation = GatewayUnderTest.generationId(gateway.chat("sandbox:reasoning", "Why?"));
        gateway.generation(generation);
        key = GatewayUnderTest.json(gateway.get("/api/v1/key")).get("id").asString();
    }

    @AfterAll
    static void stop() {
        browser.close();
        gateway.close();
    }

    @Test
    void axeFindsNothingSeriousInLightAndDark() {
        var found = new ArrayList<String>();
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            try (var person = browser.person(scheme, 1280, 900, true)) {
                var page = person.newPage();
                TestBrowser.signIn(page, site, gateway.firstRun().adminEmail());
                for (String path : Everything.pages(gateway, "en", generation, key)) {
                    found.addAll(faults(page, path, scheme));
                }
            }
            try (var stranger = browser.person(scheme, 390, 844, true)) {
                var page = stranger.newPage();
                for (String path : List.of("/en", "/en/sign-in", "/en/docs/quick-start", "/en/models", "/en/nothing")) {
                    found.addAll(faults(page, path, scheme));
                }
            }
        }

        assertThat(found).isEmpty();
    }

    private static List<String> faults(Page page, String path, ColorScheme scheme) {
        page.navigate(site + path);
        return new AxeBuilder(page)
                .analyze().getViolations().stream()
                        .filter(rule -> Set.of("serious", "critical").contains(rule.getImpact()))
                        .flatMap(rule -> rule.getNodes().stream()
                                .map(node -> scheme + " " + path + ": " + rule.getId() + " " + node.getTarget() + " "
                                        + node.getHtml().lines().findFirst().orElse("")))
                        .toList();
    }

    @Test
    void noPageIsWiderThanAPhone() {
        try (var person = browser.person(ColorScheme.LIGHT, 390, 844, true)) {
            var page = person.newPage();
            TestBrowser.signIn(page, site, gateway.firstRun().adminEmail());
            var wide = new ArrayList<String>();
            for (String path : Everything.pages(gateway, "en", generation, key)) {
                page.navigate(site + path);
                var width = (Number) page.evaluate("document.documentElement.scrollWidth");
                if (width.intValue() > 390) {
                    wide.add(path + ": " + width);
                }
            }
            assertThat(wide).isEmpty();
        }
    }

    @Test
    void everyPageHasATitleOfItsOwnInItsLanguageAndNoLinkIsDead() {
        for (String language : List.of("en", "zh", "ko")) {
            var titles = new TreeMap<String, String>();
            var dead = new TreeSet<String>();
            var seen = new TreeSet<String>();
            for (String path : Everything.pages(gateway, language, generation, key)) {
                var body = get(path).body();
                assertThat(body).as(path).contains("<html lang=\"" + language).contains("<h1");
                var title = TITLE.matcher(body);
                assertThat(title.find()).as("title of %s", path).isTrue();
                assertThat(title.group(1)).as(path).isNotBlank().doesNotStartWith(" ·");
                if (path.matches(".*/legal/[a-z]+/\\d.*")) {
                    continue; // a version of the page that its own name leads to
                }
                var other = titles.put(title.group(1), path);
                assertThat(other)
                        .as("two pages are called %s: %s", title.group(1), path)
                        .isNull();
                LINK.matcher(body).results().map(link -> link.group(1)).forEach(link -> {
                    var target = link.replace("&amp;", "&");
                    if (!target.startsWith("#") && seen.add(target) && isDead(path, target)) {
                        dead.add(path + " → " + target);
                    }
                });
            }
            assertThat(dead).isEmpty();
        }
    }

    private static boolean isDead(String from, String target) {
        var to = URI.create(site + from).resolve(target);
        // Others' pages may be linked to; that none is loaded is the walk's to show. Legal pages may come with another
        // part.
        if (!to.getAuthority().equals("127.0.0.1:" + gateway.port())
                || (to.getPath().contains("/legal/") && !hasLegalPages())) {
            return false;
        }
        int status = get(to.getRawPath() + (to.getRawQuery() == null ? "" : "?" + to.getRawQuery()))
                .statusCode();
        // 405: what forms are sent to.
        return status != 200 && status != 303 && status != 405;
    }

    private static boolean hasLegalPages() {
        return gateway.gateway().routes().stream()
                .anyMatch(route -> route.path().contains("/legal/"));
    }

    @Test
    void theLandingPageWeighsLessThan150Kilobytes() {
        long bytes = 0;
        var body = get("/en").body();
        bytes += zipped("/en");
        for (var link : LINK.matcher(body)
                .results()
                .map(found -> found.group(1))
                .filter(to -> to.startsWith("/assets/"))
                .distinct()
                .toList()) {
            bytes += zipped(link);
        }

        assertThat(bytes).isBetween(20_000L, 150_000L);
        System.out.println("landing page, compressed: " + bytes + " bytes");
    }

    private static long zipped(String path) {
        var request = HttpRequest.newBuilder(gateway.uri(path))
                .header("accept-encoding", "gzip")
                .build();
        try {
            var answer = gateway.client().send(request, java.net.http.HttpResponse.BodyHandlers.ofByteArray());
            assertThat(answer.headers().firstValue("content-encoding")).as(path).hasValue("gzip");
            return answer.body().length;
        } catch (IOException | InterruptedException broken) {
            throw new IllegalStateException(broken);
        }
    }

    @Test
    void anotherAccountsThingsAreNotThere() {
        var other = gateway.command("accounts", "create", "--email", "other@example.org", "--json");
        assertThat(other.status()).isZero();
        var account = other.json().get("id").asString();
        var foreign = gateway.command("keys", "create", "--account", account, "--json")
                .json();

        assertThat(get("/en/dashboard/keys").body())
                .doesNotContain(foreign.get("id").asString());
        assertThat(get("/en/dashboard/keys/" + foreign.get("id").asString() + "/revoke")
                        .statusCode())
                .isEqualTo(404);
        var revoked = gateway.send(HttpRequest.newBuilder(
                        gateway.uri("/en/dashboard/keys/" + foreign.get("id").asString() + "/revoke"))
                .header("cookie", cookie)
                .header("origin", site)
                .POST(HttpRequest.BodyPublishers.noBody())
                .build());
        assertThat(revoked.statusCode()).isEqualTo(404);
    }

    @Test
    void aFormFromElsewhereChangesNothing() {
        for (String origin : List.of("https://evil.example", "null", "http://127.0.0.1:1")) {
            var sent = gateway.send(HttpRequest.newBuilder(gateway.uri("/en/dashboard/keys"))
                    .header("cookie", cookie)
                    .header("origin", origin)
                    .header("content-type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString("name=forged&expires=never"))
                    .build());

            assertThat(sent.statusCode()).as(origin).isEqualTo(403);
        }
        assertThat(get("/en/dashboard/keys").body()).doesNotContain("forged");
    }

    /** {@code ./build … -Dscreens=true}: a picture of every page, in {@code app/target/screens}, to be looked at. */
    @Test
    @EnabledIfSystemProperty(named = "screens", matches = "true")
    void screens() throws IOException {
        var folder = Files.createDirectories(Path.of("target/screens"));
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            for (int width : List.of(390, 1280)) {
                try (var person = browser.person(scheme, width, 900, true)) {
                    TestBrowser.signIn(
                            person.newPage(), site, gateway.firstRun().adminEmail());
                    var paths = new ArrayList<>(Everything.pages(gateway, "en", generation, key));
                    paths.addAll(List.of("/zh", "/ko", "/zh/dashboard", "/ko/dashboard/keys", "/en/nothing"));
                    for (String path : paths) {
                        picture(person.newPage(), path, folder, scheme, width);
                    }
                }
                try (var stranger = browser.person(scheme, width, 900, true)) {
                    picture(stranger.newPage(), "/en/sign-in", folder, scheme, width);
                }
            }
        }
    }

    private static void picture(Page page, String path, Path folder, ColorScheme scheme, int width) {
        page.navigate(site + path);
        page.waitForTimeout(200);
        var name = path.substring(1)
                        .replace('/', '_')
                        .replace(':', '-')
                        .replace(generation, "one")
                        .replace(key, "one") + "-" + scheme.name().toLowerCase(java.util.Locale.ROOT) + "-" + width
                + ".png";
        page.screenshot(new Page.ScreenshotOptions().setFullPage(true).setPath(folder.resolve(name)));
        page.close();
    }

    private static java.net.http.HttpResponse<String> get(String path) {
        return gateway.send(HttpRequest.newBuilder(gateway.uri(path))
                // Who is signed in is not asked to sign in.
                .header("cookie", path.endsWith("/sign-in") ? "none=1" : cookie)
                .header("accept", "text/html")
                .build());
    }
}
