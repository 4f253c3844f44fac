package io.mixgateway.app.pages;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.mixgateway.app.GatewayUnderTest;
import io.mixgateway.platform.privacy.SetCookie;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;

/** A gateway whose owner has chosen a password and called some models, so that every page has something to show. */
final class UsedSite implements AutoCloseable {
    private final GatewayUnderTest gateway = GatewayUnderTest.start();
    private final TestBrowser browser = TestBrowser.open();
    private final String site = "http://127.0.0.1:" + gateway.port();
    private final String cookie;
    private final String generation;
    private final String key;

    UsedSite() {
        try (var owner = browser.person()) {
            TestBrowser.setUp(owner.newPage(), gateway.firstRun().setupUrl().reveal());
            var session = owner.cookies().stream()
                    .filter(candidate -> candidate.name.equals(SetCookie.SESSION.cookieName()))
                    .findFirst()
                    .orElseThrow();
            this.cookie = session.name + "=" + session.value;
        }
        for (String model :
                List.of("echo", "echo", "free", "reasoning", "cached", "no-usage", "error-500", "long-300")) {
            gateway.chat("sandbox:" + model, "Tell me about " + model + ".");
        }
        this.generation = GatewayUnderTest.generationId(gateway.chat("sandbox:reasoning", "Why?"));
        gateway.generation(generation);
        this.key = GatewayUnderTest.json(gateway.get("/api/v1/key")).get("id").asString();
    }

    GatewayUnderTest gateway() {
        return gateway;
    }

    TestBrowser browser() {
        return browser;
    }

    /** Such as {@code http://127.0.0.1:8080}. */
    String origin() {
        return site;
    }

    /** The owner's session, as a request's header has it. */
    String cookie() {
        return cookie;
    }

    /** One that has a receipt. */
    String generation() {
        return generation;
    }

    /** The first key's id. */
    String key() {
        return key;
    }

    /** Every page in that language. */
    List<String> pages(String language) {
        return Everything.pages(gateway, language, generation, key);
    }

    /** A browser of the owner, signed in. */
    BrowserContext signedIn(ColorScheme scheme, int width) {
        var person = browser.person(scheme, width, 900, true);
        var page = person.newPage();
        TestBrowser.signIn(page, site, gateway.firstRun().adminEmail());
        page.close();
        return person;
    }

    /** A link to choose a password anew, as an operator makes one; its path holds a secret. */
    String setUpLink() {
        return gateway.command("accounts", "link", "--site", site, "--json")
                .json()
                .get("setup_url")
                .asString();
    }

    /** A page as the owner gets it, without a browser. */
    HttpResponse<String> get(String path) {
        return gateway.send(HttpRequest.newBuilder(gateway.uri(path))
                // Who is signed in is not asked to sign in.
                .header("cookie", path.endsWith("/sign-in") ? "none=1" : cookie)
                .header("accept", "text/html")
                .build());
    }

    /** Opens a page of this site. */
    void open(Page page, String path) {
        page.navigate(site + path);
    }

    @Override
    public void close() {
        browser.close();
        gateway.close();
    }
}
