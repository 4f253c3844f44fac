package io.mixgateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.mixgateway.relay.money.Nanos;
import io.mixgateway.web.Permission;
import io.mixgateway.web.Route;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The whole program in one: what a first day shows. */
class GatewayIT {
    private static GatewayUnderTest gateway;

    @BeforeAll
    static void start() {
        gateway = GatewayUnderTest.start();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void theFirstStartLeavesTheWayInForItsOwnerOnly() throws IOException {
        var file = gateway.data().resolve("first-run.json");

        var document = JsonMapper.builder().build().readTree(Files.readString(file));

        assertThat(document.propertyNames())
                .containsExactlyInAnyOrder("base_url", "api_key", "account", "admin_email", "admin_setup_url");
        assertThat(document.get("base_url").asString())
                .isEqualTo(gateway.gateway().baseUrl());
        assertThat(document.get("api_key").asString()).startsWith("sk-mg-");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aCallIsMeteredAndChargedAndItsReceiptReadable() {
        var before = Nanos.parse(gateway.credits().get("balance").asString());

        var answer = gateway.chat("sandbox:echo", "Tell me about rivers.");
        var receipt = gateway.generation(GatewayUnderTest.generationId(answer));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(receipt.get("outcome").asString()).isEqualTo("completed");
        assertThat(receipt.get("model").asString()).isEqualTo("sandbox:echo");
        assertThat(receipt.get("provider").asString()).isEqualTo("sandbox");
        assertThat(receipt.get("usage_source").asString()).isEqualTo("provider");
        assertThat(receipt.get("currency").asString()).isEqualTo("USD");
        assertThat(Instant.parse(receipt.get("created_at").asString()))
                .isBefore(Instant.now().plusSeconds(5));
        var usage = receipt.get("usage");
        assertThat(usage.get("input").asLong() + usage.get("output").asLong())
                .isEqualTo(usage.get("provider_total").asLong())
                .isEqualTo(
                        GatewayUnderTest.json(answer).at("/usage/total_tokens").asLong());
        var cost = Nanos.parse(receipt.get("cost").asString());
        assertThat(cost.isPositive()).isTrue();
        assertThat(Nanos.parse(gateway.credits().get("balance").asString())).isLessThanOrEqualTo(before.minus(cost));
    }

    @Test
    void generationsAreListedNewestFirstPageByPage() {
        for (int i = 0; i < 3; i++) {
            gateway.generation(GatewayUnderTest.generationId(gateway.chat("sandbox:echo", "call " + i)));
        }

        var seen = new HashSet<String>();
        var first = GatewayUnderTest.json(gateway.get("/api/v1/generations?limit=2"));
        first.get("data").forEach(row -> seen.add(row.get("id").asString()));
        var second = GatewayUnderTest.json(gateway.get(
                "/api/v1/generations?limit=1&after=" + first.get("next").asString()));
        second.get("data").forEach(row -> seen.add(row.get("id").asString()));

        assertThat(seen).hasSize(3);
        assertThat(first.at("/data/0/id").asString())
                .isGreaterThan(first.at("/data/1/id").asString());
        assertThat(first.at("/data/1/id").asString())
                .isGreaterThan(second.at("/data/0/id").asString());
    }

    @Test
    void anotherAccountsGenerationsAreNotThere() {
        var mine = GatewayUnderTest.generationId(gateway.chat("sandbox:echo", "secret plans"));
        gateway.generation(mine);
        var other = gateway.command("accounts", "create", "--email", "eve@example.org", "--json")
                .json();
        var key = gateway.command("keys", "create", "--account", other.get("id").asString(), "--json")
                .json();

        var asked = gateway.send(HttpRequest.newBuilder(gateway.uri("/api/v1/generations/" + mine))
                .header("authorization", "Bearer " + key.get("secret").asString())
                .build());
        var listed = gateway.send(HttpRequest.newBuilder(gateway.uri("/api/v1/generations"))
                .header("authorization", "Bearer " + key.get("secret").asString())
                .build());

        assertThat(asked.statusCode()).isEqualTo(404);
        assertThat(GatewayUnderTest.json(listed).get("data")).isEmpty();
    }

    @Test
    void aKeyTellsAboutItself() {
        var made = gateway.command("keys", "create", "--name", "ci", "--cap", "2.50", "--cap-per", "day", "--json")
                .json();

        var answer = gateway.send(HttpRequest.newBuilder(gateway.uri("/api/v1/key"))
                .header("authorization", "Bearer " + made.get("secret").asString())
                .build());

        var key = GatewayUnderTest.json(answer);
        assertThat(key.get("id").asString()).isEqualTo(made.get("id").asString());
        assertThat(key.get("name").asString()).isEqualTo("ci");
        assertThat(key.at("/caps/0/amount").asString()).isEqualTo("2.50");
        assertThat(key.at("/caps/0/per").asString()).isEqualTo("day");
        assertThat(answer.body()).doesNotContain(made.get("secret").asString());
    }

    @Test
    void everyRouteAsksForWhatItDeclares() {
        for (Route route : gateway.gateway().routes()) {
            var path = route.path()
                    .replace(":id", "gen-00000000000000000000000000")
                    .replace(":name", "sandbox:echo")
                    .replace(":token", "guess");
            var answer = gateway.send(HttpRequest.newBuilder(gateway.uri(path))
                    .method(route.method().name(), HttpRequest.BodyPublishers.noBody())
                    .build());

            var what = route.method() + " " + path;
            if (route.changes() && route.permission() != Permission.API_KEY) {
                assertThat(answer.statusCode()).as("%s sent from nowhere", what).isEqualTo(403);
                continue;
            }
            switch (route.permission()) {
                case API_KEY -> assertThat(answer.statusCode()).as(what).isEqualTo(401);
                case VIEW_ACCOUNT, OWN_SIGN_IN, MANAGE_KEYS, MAKE_CALLS ->
                    assertThat(answer.statusCode()).as(what).isEqualTo(401);
                case SECRET_IN_PATH -> assertThat(answer.statusCode()).as(what).isIn(303, 404);
                case FILE, ANYONE -> {
                    assertThat(path).doesNotStartWith("/api/");
                    assertThat(answer.statusCode()).as(what).isIn(200, 303);
                }
            }
            assertThat(answer.headers().firstValue("x-request-id")).as(what).isPresent();
        }
    }

    @Test
    void wrongQuestionsToTheManagementApiAreRefusedInWords() {
        for (String path : List.of(
                "/api/v1/generations?limit=0",
                "/api/v1/generations?limit=x",
                "/api/v1/generations?after=gen-1",
                "/api/v1/generations/%00")) {
            assertThat(gateway.get(path).statusCode()).as(path).isEqualTo(400);
        }
        assertThat(gateway.get("/api/v1/nothing").statusCode()).isEqualTo(404);
        assertThat(gateway.get("/api/v1/generations/gen-00000000000000000000000000")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void itIsAliveReadyAndMeasured() {
        gateway.chat("sandbox:echo", "count me");

        assertThat(gateway.get("/livez").statusCode()).isEqualTo(200);
        var ready = gateway.get("/readyz");
        assertThat(ready.statusCode()).isEqualTo(200);
        assertThat(GatewayUnderTest.json(ready).at("/checks/database/ok").asBoolean())
                .isTrue();
        assertThat(GatewayUnderTest.json(ready).at("/checks/journal/ok").asBoolean())
                .isTrue();
        var metrics = gateway.get("/metrics").body();
        assertThat(metrics).contains("jvm_memory_used_bytes", "mixgateway_");
        assertThat(metrics).doesNotContain("sk-mg-", "acc-", "key-", "gen-");
    }

    @Test
    void theSetupLinkWorksAndAnotherDoesNot() {
        var link = java.net.URI.create(gateway.firstRun().setupUrl().reveal());

        assertThat(gateway.get(link.getPath()).headers().firstValue("location")).hasValue("/en" + link.getPath());
        assertThat(gateway.get("/en" + link.getPath()).statusCode()).isEqualTo(200);
        assertThat(gateway.get("/en/setup/guessed").statusCode()).isEqualTo(404);
    }

    @Test
    void aPathWithoutALanguageLeadsToTheViewersOwn() {
        var byBrowser = gateway.send(HttpRequest.newBuilder(gateway.uri("/?a=1"))
                .header("accept-language", "fr, ko-KR;q=0.8, en;q=0.5")
                .build());
        var byCookie = gateway.send(HttpRequest.newBuilder(gateway.uri("/"))
                .header("accept-language", "ko")
                .header("cookie", "mixgateway-language=zh")
                .build());

        assertThat(byBrowser.headers().firstValue("location")).hasValue("/ko?a=1");
        assertThat(byCookie.headers().firstValue("location")).hasValue("/zh");
        assertThat(gateway.get("/").headers().firstValue("location")).hasValue("/en");
    }

    @Test
    void preferencesAreKeptAndLeadNowhereElse() {
        var sent = gateway.send(HttpRequest.newBuilder(gateway.uri("/preferences?to=//evil.example"))
                .header("origin", "http://127.0.0.1:" + gateway.port())
                .header("content-type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("theme=dark"))
                .build());
        var forged = gateway.send(HttpRequest.newBuilder(gateway.uri("/preferences"))
                .header("origin", "http://evil.example")
                .POST(HttpRequest.BodyPublishers.noBody())
                .build());

        assertThat(sent.headers().firstValue("location")).hasValue("/");
        assertThat(sent.headers().firstValue("set-cookie"))
                .hasValueSatisfying(cookie -> assertThat(cookie).startsWith("mixgateway-theme=dark; Path=/"));
        assertThat(forged.statusCode()).isEqualTo(403);
    }

    @Test
    void whatIsNotThereIsAPageForPeopleAndADocumentForPrograms() {
        var person = gateway.send(HttpRequest.newBuilder(gateway.uri("/zh/nothing"))
                .header("accept", "text/html")
                .build());

        assertThat(person.statusCode()).isEqualTo(404);
        assertThat(person.body()).contains("lang=\"zh-Hans\"");
        assertThat(gateway.get("/zh/nothing").body()).contains("not_found");
    }

    @Test
    void theLandingPageLoadsNothingFromElsewhere() {
        var page = gateway.get("/en");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).doesNotContain("https://", "src=\"http:", "href=\"//");
        assertThat(page.headers().firstValue("content-security-policy"))
                .hasValueSatisfying(policy ->
                        assertThat(policy).startsWith("default-src 'none'").doesNotContain("unsafe"));
        var style = java.util.regex.Pattern.compile("/assets/mixgateway\\.[0-9a-f]{12}\\.css")
                .matcher(page.body());
        assertThat(style.find()).isTrue();
        assertThat(gateway.get(style.group()).headers().firstValue("cache-control"))
                .hasValueSatisfying(kept -> assertThat(kept).contains("immutable"));
    }
}
