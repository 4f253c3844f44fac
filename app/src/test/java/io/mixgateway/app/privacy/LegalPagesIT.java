package io.mixgateway.app.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import io.mixgateway.app.GatewayUnderTest;
import io.mixgateway.platform.privacy.DataMap;
import io.mixgateway.platform.privacy.SetCookie;
import io.mixgateway.web.legal.LegalDocument;
import io.mixgateway.web.legal.Versions;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** P1, P34, must show 8: the legal pages in each language, and that they say what the program does. */
class LegalPagesIT {
    private static GatewayUnderTest gateway;

    @BeforeAll
    static void start() {
        gateway = GatewayUnderTest.with("retention: {usage-details: 123d}");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void everyDocumentIsThereInEachLanguageWithItsDateItsHistoryAndItsDraftMark() {
        for (LegalDocument document : LegalDocument.values()) {
            var date = Versions.bundled().newest(document).toString();
            for (String language : List.of("en", "zh", "ko")) {
                var path = "/" + language + "/legal/" + document.code();
                var page = get(path);

                assertThat(page.statusCode()).as(path).isEqualTo(200);
                assertThat(page.body())
                        .as(path)
                        .contains(date + "</span>", path + "/history", "id=\"draft\"")
                        .doesNotContain("[[", "{operator}", "{email}", "{country}", "id=\"old\"");
                assertThat(get(path + "/" + date).statusCode()).isEqualTo(200);
                assertThat(get(path + "/history").body()).contains(path + "/" + date);
                assertThat(get(path + "/1999-01-01").statusCode()).isEqualTo(404);
                assertThat(get(path + "/history?from=yesterday").statusCode()).isEqualTo(400);
                assertThat(get(path + "/history?from=1999-01-01").statusCode()).isEqualTo(404);
            }
        }
    }

    @Test
    void thePolicysTablesAreWhatTheProgramDeclares() {
        var page = get("/en/legal/privacy").body();

        assertThat(DataMap.fields())
                .allSatisfy(field -> assertThat(page).contains(field.place().shown()));
        assertThat(page).contains("123 days after the day of the call");
        assertThat(get("/ko/legal/privacy").body()).contains("123일");
        for (SetCookie cookie : SetCookie.values()) {
            assertThat(get("/zh/legal/cookies").body()).contains(cookie.cookieName());
        }
    }

    /** Must show 8: the command and the page say the same. */
    @Test
    void thePolicyAndTheCommandAgreeOnEveryPromise() {
        var page = get("/en/legal/privacy").body().replaceAll("\\s+", " ");
        var promises = gateway.command("privacy", "verify", "--json").json().get("promises");

        assertThat(promises).hasSize(35);
        promises.forEach(said -> assertThat(page)
                .as(said.toString())
                .containsPattern("<td>" + said.get("promise").asString() + "</td> <td[^>]*>[^<]+</td> <td[^>]*>"
                        + said.get("state").asString() + "</td>"));
    }

    @Test
    void theDraftMarkGoesWhenTheOperatorHasSaidWhoTheyAre() {
        try (var known = GatewayUnderTest.with("""
                operator:
                  name: "Example <b>Ltd</b> & Sons"
                  address: 1 Example Street, Example Town
                  email: privacy@example.com
                  country: Ireland
                """)) {
            var page = known.get("/en/legal/privacy").body();

            assertThat(page)
                    .doesNotContain("id=\"draft\"", "<b>Ltd")
                    .contains("Example &lt;b&gt;Ltd&lt;/b&gt; &amp; Sons", "privacy@example.com", "that of Ireland");
        }
    }

    @Test
    void noPageForVisitorsSetsACookie() {
        for (String path : List.of("/en", "/en/legal/privacy", "/ko/legal/cookies", "/zh/legal/terms")) {
            assertThat(get(path).headers().allValues("set-cookie")).as(path).isEmpty();
        }
    }

    private static HttpResponse<String> get(String path) {
        return gateway.send(HttpRequest.newBuilder(gateway.uri(path)).build());
    }
}
