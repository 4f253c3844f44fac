package io.mixgateway.app.pages;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.mixgateway.app.GatewayUnderTest;
import io.mixgateway.platform.privacy.SetCookie;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** A person's first day with a browser. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class WalkIT {
    private static final String NAME = "laptop <b id=planted>bold</b>";

    private static GatewayUnderTest gateway;
    private static TestBrowser browser;
    private static String site;

    @BeforeAll
    static void start() {
        gateway = GatewayUnderTest.start();
        site = "http://127.0.0.1:" + gateway.port();
        browser = TestBrowser.open();
    }

    @AfterAll
    static void stop() {
        browser.close();
        gateway.close();
    }

    @Test
    @Order(1)
    void fromTheSetUpLinkToARevokedKey() throws Exception {
        try (var person = browser.person()) {
            var page = person.newPage();

            // The link, a password, the overview.
            TestBrowser.setUp(page, gateway.firstRun().setupUrl().reveal());
            assertThat(page.locator("h1")).hasText("Overview");
            assertThat(page.locator(".empty h2")).hasText("No calls in this period");
            assertThat(person.cookies()).anySatisfy(cookie -> {
                assertThat(cookie.name).isEqualTo(SetCookie.SESSION.cookieName());
                assertThat(cookie.httpOnly && cookie.secure).isTrue();
            });

            // A key, whose name has markup in it.
            page.navigate(site + "/en/dashboard/keys");
            page.fill("#name", NAME);
            page.fill("#cap", "1.50");
            page.selectOption("#expires", "week");
            page.click("form button.btn-primary");
            var secret = page.locator("#secret").textContent();
            assertThat(secret).startsWith("sk-mg-");
            assertThat(page.locator("#first-curl").textContent()).contains(secret, site + "/v1/chat/completions");
            page.click("text=I have copied it");
            assertThat(page.locator("main table")).containsText(NAME);
            assertThat(page.locator("#planted")).hasCount(0);
            assertThat(page.content()).doesNotContain(secret);

            // A call, whose charge appears without reload.
            page.navigate(site + "/en/dashboard");
            try (var sdk = new Sdk(site + "/v1", secret)) {
                assertThat(sdk.chat("Hi")).startsWith("You said: Hi");
            }
            assertThat(page.locator(".figures div:nth-child(3) dd")).containsText("1");
            assertThat(page.locator("#live")).containsText("sandbox:echo");
            assertThat(page.locator(".chart canvas")).hasCount(2);

            // Its receipt.
            page.navigate(site + "/en/dashboard/generations?model=ECHO&outcome=completed");
            page.locator("#rows tbody tr a").first().click();
            assertThat(page.locator("h1")).containsText("completed");
            assertThat(page.locator(".receipt tfoot")).containsText(Pattern.compile("\\$0\\.0000\\d+"));
            assertThat(page.locator("time").first()).not().containsText("UTC");

            // A page that is not there keeps the menu of who is signed in.
            page.navigate(site + "/en/dashboard/nothing");
            assertThat(page.locator("h1")).hasText("Nothing is here");
            assertThat(page.locator("header .menu-title").last())
                    .hasText(gateway.firstRun().adminEmail());
            assertThat(page.locator("header a[href$='/sign-in']")).hasCount(0);

            // Models that fail on purpose stand apart.
            page.navigate(site + "/en/models");
            assertThat(page.locator("main table").first()).containsText("sandbox:echo");
            assertThat(page.locator("main table").first()).not().containsText("sandbox:error-500");
            assertThat(page.locator("main table").last()).containsText("sandbox:error-500");

            // The playground begins with the sandbox's echo, streams, and stops.
            page.navigate(site + "/en/dashboard/playground");
            assertThat(page.locator("#model")).hasValue("sandbox:echo");
            page.selectOption("#second", "sandbox:reasoning");
            page.fill("#prompt", "Say <i>hello</i>");
            page.click("#send");
            assertThat(page.locator("#answer-1 [data-text]")).containsText("You said: Say <i>hello</i>");
            assertThat(page.locator("#answer-2 [data-text]")).containsText("You said");
            assertThat(page.locator("#answer-1 [data-cost]")).containsText("$0.0000");
            assertThat(page.locator("#answer-1 [data-first]")).containsText("ms");
            assertThat(page.locator("#code")).containsText("\"stream\": true");
            page.selectOption("#model", "sandbox:slow");
            page.selectOption("#second", "");
            page.fill("#prompt", "one two three four five six seven eight nine ten eleven twelve thirteen fourteen");
            page.click("#send");
            assertThat(page.locator("#answer-1 [data-text]")).containsText("You said");
            page.click("#stop");
            assertThat(page.locator("#answer-1 [data-text]")).containsText("[Stopped.]");

            // Revoked, and refused within a second.
            page.navigate(site + "/en/dashboard/keys");
            page.locator("tr", new Page.LocatorOptions().setHasText(NAME))
                    .locator(".btn-danger")
                    .click();
            page.click("text=Revoke the key");
            var revoked = Instant.now();
            try (var sdk = new Sdk(site + "/v1", secret)) {
                while (!sdk.isUnauthorized()) {
                    assertThat(Duration.between(revoked, Instant.now())).isLessThan(Duration.ofSeconds(1));
                    Thread.sleep(20);
                }
            }

            // Out, and the cookie is worth nothing any more.
            var cookies = person.cookies();
            page.navigate(site + "/en/dashboard/security");
            assertThat(page.locator("main table")).containsText("Chrome, Linux");
            page.click("main tr .btn");
            page.waitForURL("**/en/sign-in");
            var former = cookies.stream()
                    .filter(cookie -> cookie.name.equals(SetCookie.SESSION.cookieName()))
                    .findFirst()
                    .orElseThrow();
            var again = gateway.send(HttpRequest.newBuilder(gateway.uri("/en/dashboard"))
                    .header("cookie", former.name + "=" + former.value)
                    .header("accept", "text/html")
                    .build());
            assertThat(again.headers().firstValue("location")).hasValue("/en/sign-in?next=%2Fen%2Fdashboard");
        }
        assertThat(browser.hosts()).containsExactly("127.0.0.1:" + gateway.port());
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    @Order(2)
    void withoutScriptOneReadsSignsInAndMakesAKey() {
        try (var person = browser.person(ColorScheme.DARK, 390, 844, false)) {
            var page = person.newPage();

            page.navigate(site + "/");
            assertThat(page.locator("h1")).hasText("Every model, one API, nothing kept");
            page.fill("#message", "Anybody <there>?");
            page.click(".terminal-form button");
            assertThat(page.locator(".terminal-answer")).containsText("You said: Anybody <there>?");

            page.navigate(site + "/en/dashboard/keys");
            page.fill("#email", gateway.firstRun().adminEmail());
            page.fill("#password", TestBrowser.PASSWORD);
            page.click("form button.btn-primary");
            page.waitForURL("**/en/dashboard/keys");
            page.fill("#name", "no script");
            page.click("form button.btn-primary");
            assertThat(page.locator("#secret")).containsText("sk-mg-");
            page.navigate(site + "/en/dashboard");
            page.click("summary:has-text('As a table')");
            assertThat(page.locator("#steps tbody tr")).hasCount(24);
            page.navigate(site + "/en/dashboard/playground");
            assertThat(page.locator("main noscript .notice")).isVisible();
        }
    }

    @Test
    @Order(3)
    void aWrongPasswordTellsNothing() {
        try (var person = browser.person()) {
            var page = person.newPage();
            page.navigate(site + "/ko/sign-in");
            page.fill("#email", gateway.firstRun().adminEmail());
            page.fill("#password", "not the password");
            page.click("form button.btn-primary");

            assertThat(page.locator("[role=alert]")).hasText("이메일 또는 비밀번호가 올바르지 않습니다.");
        }
    }
}
