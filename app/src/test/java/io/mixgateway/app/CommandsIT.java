package io.mixgateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands beside a running server; without one they are tried in {@link ProgramIT}. */
class CommandsIT {
    private static GatewayUnderTest gateway;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        gateway = GatewayUnderTest.start();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void aKeyThatWasMadeWorksAndARevokedOneDoesNot() {
        var made = gateway.command("keys", "create", "--name", "short-lived", "--expires", "1h", "--json");
        assertThat(made.status()).isZero();
        var secret = made.json().get("secret").asString();
        assertThat(models(secret)).isEqualTo(200);

        var revoked = gateway.command("keys", "revoke", made.json().get("id").asString());

        assertThat(revoked.status()).isZero();
        Awaitility.await().atMost(java.time.Duration.ofSeconds(5)).until(() -> models(secret) == 401);
        var listed = gateway.command("keys", "list", "--json");
        assertThat(listed.json().get("data").findValuesAsString("state")).contains("active", "revoked");
        assertThat(listed.out()).doesNotContain(secret);
    }

    private static int models(String secret) {
        return gateway.send(HttpRequest.newBuilder(gateway.uri("/v1/models"))
                        .header("authorization", "Bearer " + secret)
                        .build())
                .statusCode();
    }

    @Test
    void aGrantCountsOnceForAnIdempotencyKey() {
        var account = gateway.command(
                        "accounts", "create", "--email", "grants@example.org", "--name", "Grants", "--json")
                .json()
                .get("id")
                .asString();
        String[] grant = {
            "credits", "grant", "--account", account, "--amount", "1.25", "--idempotency-key", "k1", "--json"
        };

        assertThat(gateway.command(grant).status()).isZero();
        var again = gateway.command(grant);
        var shown = gateway.command("--json", "credits", "show", "--account", account);

        assertThat(again.status()).isZero();
        assertThat(again.json().get("repeated").asBoolean()).isTrue();
        assertThat(shown.json().get("balance").asString()).isEqualTo("1.25");
        assertThat(shown.json().get("currency").asString()).isEqualTo("USD");
        assertThat(shown.json().propertyNames()).containsExactly("account", "currency", "balance", "held", "available");
    }

    @Test
    void theBooksAddUpAfterCalls() {
        for (int i = 0; i < 5; i++) {
            gateway.generation(GatewayUnderTest.generationId(gateway.chat("sandbox:echo", "call " + i)));
        }

        var verified = gateway.command("ledger", "verify", "--json");

        assertThat(verified.status()).as(verified.out() + verified.err()).isZero();
        assertThat(verified.json().get("ok").asBoolean()).isTrue();
        assertThat(verified.json().get("checked").asLong()).isPositive();
        assertThat(verified.json().get("violations")).isEmpty();
    }

    @Test
    void withoutAnAccountTheOwnersIsMeant() {
        var shown = gateway.command("credits", "show", "--json");

        assertThat(shown.json().get("account").asString())
                .isEqualTo(gateway.firstRun().account());
        assertThat(gateway.command("accounts", "list").out())
                .contains(gateway.firstRun().account());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "frobnicate",
                "keys",
                "keys create --cap five",
                "keys create --cap 1 --cap-per year",
                "keys create --expires yesterday",
                "credits grant",
                "credits grant --amount 1.0000000001",
                "serve --port x",
                "keys revoke"
            })
    void wrongUsageIsStatusTwoWithoutAStackTrace(String line) {
        var result = gateway.command(line.split(" "));

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).isNotEmpty().doesNotContain("\tat ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "keys create --account acc-nobody",
                "keys create --cap-per day",
                "keys create --expires 2001-01-01",
                "keys revoke key-nobody",
                "credits show --account acc-nobody",
                "credits grant --amount 0",
                "credits grant --amount -1",
                "credits grant --amount 9223372036.854775807",
                "credits move top_up --amount 9000000000 --reason x",
                "credits move chargeback --amount 9223372036.854775807 --reason x",
                "credits move adjustment --amount=-9223372036.854775808 --reason x",
                "vouchers create --amount 9000000000",
                "accounts create --email nobody"
            })
    void whatCannotBeDoneIsStatusOneInOneSentence(String line) {
        var result = gateway.command(line.split(" "));

        assertThat(result.status()).as(result.err()).isEqualTo(1);
        assertThat(result.err()).isNotEmpty().doesNotContain("\tat ", "Exception");
    }

    @Test
    void theDoctorFindsNothingToDo() {
        var looked = gateway.command("doctor", "--json");

        assertThat(looked.status()).as(looked.out()).isZero();
        assertThat(looked.json().get("checks").findValuesAsString("check"))
                .contains(
                        "java",
                        "data folder",
                        "disk",
                        "configuration",
                        "port",
                        "database",
                        "clock",
                        "provider sandbox");
    }

    @Test
    void configCheckNamesTheKeyAndTheLine() throws IOException {
        var file = folder.resolve("wrong.yaml");
        Files.writeString(file, "server: {prot: 8080}\n");
        var options = new GatewayOptions(
                folder, Optional.of(file), Optional.empty(), Optional.empty(), Optional.empty(), Map.of());

        var checked = CommandResult.run(options, "config", "check", "--json");

        assertThat(checked.status()).isEqualTo(1);
        assertThat(checked.json().get("ok").asBoolean()).isFalse();
        assertThat(checked.json().at("/errors/0/path").asString()).contains("prot");
        assertThat(CommandResult.run(options, "config", "check").out()).contains("port");
    }
}
