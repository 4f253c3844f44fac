package io.mixgateway.app.pages;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.options.ColorScheme;
import io.mixgateway.app.GatewayUnderTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What holds for every page there is. */
class EveryPageIT {
    private static final Pattern TITLE = Pattern.compile("<title>([^<]+)</title>");
    private static final Pattern LINK = Pattern.compile("(?:href|action|src)=\"([^\"]+)\"");

    private static UsedSite site;
    private static GatewayUnderTest gateway;

    @BeforeAll
    static void start() {
        site = new UsedSite();
        gateway = site.gateway();
    }

    @AfterAll
    static void stop() {
        site.close();
    }

    @Test
    void noPageIsWiderThanAPhone() {
        var wide = new ArrayList<String>();
        for (String language : List.of("en", "ko")) { // the longest words, and those that are not cut
            try (var person = site.signedIn(ColorScheme.LIGHT, 390)) {
                var page = person.newPage();
                for (String path : site.pages(language)) {
                    site.open(page, path);
                    var width = (Number) page.evaluate("document.documentElement.scrollWidth");
                    if (width.intValue() > 390) {
                        wide.add(path + ": " + width);
                    }
                }
            }
        }
        assertThat(wide).isEmpty();
    }

    @Test
    void everyPageHasATitleOfItsOwnInItsLanguageAndNoLinkIsDead() {
        for (String language : List.of("en", "zh", "ko")) {
            var titles = new TreeMap<String, String>();
            var dead = new TreeSet<String>();
            var seen = new TreeSet<String>();
            for (String path : site.pages(language)) {
                var body = site.get(path).body();
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
        var to = URI.create(site.origin() + from).resolve(target);
        // Others' pages may be linked to; that none is loaded is the walk's to show. Legal pages may come with another
        // part.
        if (!to.getAuthority().equals("127.0.0.1:" + gateway.port())
                || (to.getPath().contains("/legal/") && !hasLegalPages())) {
            return false;
        }
        int status = site.get(to.getRawPath() + (to.getRawQuery() == null ? "" : "?" + to.getRawQuery()))
                .statusCode();
        // 405: what forms are sent to.
        return status != 200 && status != 303 && status != 405;
    }

    private static boolean hasLegalPages() {
        return gateway.gateway().routes().stream()
                .anyMatch(route -> route.path().contains("/legal/"));
    }

    @Test
    void whereNothingIsAPageSaysSoInItsLanguage() {
        for (String language : List.of("en", "zh", "ko")) {
            var answer = site.get("/" + language + "/nothing");

            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(answer.body())
                    .contains("<html lang=\"" + language)
                    .contains(
                            switch (language) {
                                case "zh" -> "这里什么也没有";
                                case "ko" -> "여기에는 아무것도 없습니다";
                                default -> "Nothing is here";
                            });
        }
    }

    @Test
    void theLandingPageWeighsLessThan150Kilobytes() {
        long bytes = 0;
        var body = site.get("/en").body();
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

        assertThat(site.get("/en/dashboard/keys").body())
                .doesNotContain(foreign.get("id").asString());
        assertThat(site.get("/en/dashboard/keys/" + foreign.get("id").asString() + "/revoke")
                        .statusCode())
                .isEqualTo(404);
        var revoked = gateway.send(HttpRequest.newBuilder(
                        gateway.uri("/en/dashboard/keys/" + foreign.get("id").asString() + "/revoke"))
                .header("cookie", site.cookie())
                .header("origin", site.origin())
                .POST(HttpRequest.BodyPublishers.noBody())
                .build());
        assertThat(revoked.statusCode()).isEqualTo(404);
    }

    @Test
    void aFormFromElsewhereChangesNothing() {
        for (String origin : List.of("https://evil.example", "null", "http://127.0.0.1:1")) {
            var sent = gateway.send(HttpRequest.newBuilder(gateway.uri("/en/dashboard/keys"))
                    .header("cookie", site.cookie())
                    .header("origin", origin)
                    .header("content-type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString("name=forged&expires=never"))
                    .build());

            assertThat(sent.statusCode()).as(origin).isEqualTo(403);
        }
        assertThat(site.get("/en/dashboard/keys").body()).doesNotContain("forged");
    }
}
