package io.mixgateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Movements, statements, vouchers and invoices, as an operator and a customer use them. */
class LedgerCommandsIT {
    private static GatewayUnderTest gateway;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        gateway = GatewayUnderTest.start();
    }

    @AfterAll
    static void stop() {
        try {
            assertThat(gateway.command("ledger", "verify").status()).isZero();
        } finally {
            gateway.close();
        }
    }

    private static String account(String email) {
        return gateway.command("accounts", "create", "--email", email, "--json")
                .json()
                .get("id")
                .asString();
    }

    @Test
    void movementsAreBookedShownAndExported() {
        var account = account("moves@example.org");
        String[] topUp = {
            "credits",
            "move",
            "top_up",
            "--account",
            account,
            "--amount",
            "5",
            "--reason",
            "=HYPERLINK(\"x\")",
            "--idempotency-key",
            "invoice 7",
            "--json"
        };
        assertThat(gateway.command(topUp).json().get("balance").asString()).isEqualTo("5.00");
        assertThat(gateway.command(topUp).json().get("repeated").asBoolean()).isTrue();
        assertThat(gateway.command(
                                "credits",
                                "move",
                                "chargeback",
                                "--account",
                                account,
                                "--amount",
                                "2",
                                "--reason",
                                "bank")
                        .status())
                .isZero();
        assertThat(gateway.command("credits", "move", "refund", "--account", account, "--amount", "4", "--reason", "x")
                        .status())
                .isEqualTo(1);
        assertThat(gateway.command(
                                "credits", "move", "adjustment", "--account", account, "--amount=-1", "--reason", "x")
                        .status())
                .isZero();
        assertThat(gateway.command("credits", "move", "usage", "--account", account, "--amount", "1", "--reason", "x")
                        .status())
                .isEqualTo(2);

        var shown = gateway.command("ledger", "show", account, "--json").json();
        assertThat(shown.get("data").findValuesAsString("kind")).containsExactly("adjustment", "chargeback", "top_up");
        assertThat(shown.get("data").findValuesAsString("balance")).containsExactly("2.00", "3.00", "5.00");
        assertThat(gateway.command("ledger", "show", account).out()).contains("chargeback", "bank");
        var csv = gateway.command("ledger", "export", account).out();
        assertThat(csv.lines()).hasSize(4);
        assertThat(csv).contains("top_up,\"'=HYPERLINK(\"\"x\"\")\",5.00,5.00,USD", "chargeback,bank,-2.00,3.00,USD");

        var key = gateway.command("keys", "create", "--account", account, "--json")
                .json();
        var answer = get("/api/v1/statement.csv", key.get("secret").asString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).hasValue("text/csv; charset=utf-8");
        assertThat(answer.body().strip()).isEqualToNormalizingNewlines(csv.strip());
        assertThat(get(
                                "/api/v1/statement.csv?from=2100-01-01",
                                key.get("secret").asString())
                        .body()
                        .lines())
                .hasSize(1);
        assertThat(get("/api/v1/statement.csv?from=x", key.get("secret").asString())
                        .statusCode())
                .isEqualTo(400);
    }

    private static HttpResponse<String> get(String path, String secret) {
        return gateway.send(HttpRequest.newBuilder(gateway.uri(path))
                .header("authorization", "Bearer " + secret)
                .build());
    }

    private static HttpResponse<String> redeem(String code, String secret) {
        return gateway.send(HttpRequest.newBuilder(gateway.uri("/api/v1/vouchers/redeem"))
                .header("authorization", "Bearer " + secret)
                .header("content-type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("code=" + code))
                .build());
    }

    @Test
    void aVoucherIsRedeemedOnceByCommandOrByApi() {
        var made = gateway.command(
                        "vouchers", "create", "--amount", "2.50", "--count", "3", "--expires", "90d", "--json")
                .json();
        assertThat(made.get("codes")).hasSize(3);
        var code = made.at("/codes/0").asString();
        var account = account("vouchers@example.org");
        var key = gateway.command("keys", "create", "--account", account, "--json")
                .json()
                .get("secret")
                .asString();

        var redeemed = redeem(code, key);
        assertThat(redeemed.statusCode()).as(redeemed.body()).isEqualTo(200);
        assertThat(GatewayUnderTest.json(redeemed).get("balance").asString()).isEqualTo("2.50");
        assertThat(GatewayUnderTest.json(redeem(code, key)).get("repeated").asBoolean())
                .isTrue();
        assertThat(gateway.command("vouchers", "redeem", code).status()).isEqualTo(1);
        assertThat(gateway.command("vouchers", "redeem", made.at("/codes/1").asString(), "--account", account, "--json")
                        .json()
                        .get("balance")
                        .asString())
                .isEqualTo("5.00");
        assertThat(redeem("MG-GUESS", key).statusCode()).isEqualTo(400);
        assertThat(redeem("", key).statusCode()).isEqualTo(400);
        assertThat(gateway.command("vouchers", "revoke", made.get("id").asString())
                        .status())
                .isZero();
        assertThat(redeem(made.at("/codes/2").asString(), key).statusCode()).isEqualTo(400);
        var listed = gateway.command("vouchers", "list", "--json");
        assertThat(listed.json().at("/data/0/redeemed").asLong()).isEqualTo(2);
        assertThat(listed.out()).doesNotContain(code);
    }

    @Test
    void anInvoiceIsComparedWithWhatWasCounted() throws IOException {
        var receipt = gateway.generation(GatewayUnderTest.generationId(gateway.chat("sandbox:echo", "hello")));
        var usage = receipt.get("usage");
        var today = LocalDate.now(ZoneOffset.UTC);
        var report = new String[] {
            "reconcile",
            "report",
            "--provider",
            "sandbox",
            "--from",
            today.toString(),
            "--to",
            today.plusDays(1).toString(),
            "--json"
        };
        var before = gateway.command(report);
        assertThat(before.status()).isEqualTo(1);
        assertThat(before.json().at("/data/0/state").asString()).isEqualTo("only_counted");

        var file = folder.resolve("invoice.csv");
        Files.writeString(
                file,
                "date,model,requests,input_tokens,output_tokens,cost\n%s,echo-1,1,%d,%d,0.000001\n"
                        .formatted(
                                today,
                                usage.get("input").asLong(),
                                usage.get("output").asLong()));
        assertThat(gateway.command(
                                "reconcile",
                                "import",
                                file.toString(),
                                "--provider",
                                "sandbox",
                                "--alias",
                                "echo-1=echo")
                        .status())
                .isZero();
        var after = gateway.command(report);
        assertThat(after.status()).as(after.out()).isZero();
        assertThat(after.json().get("agrees").asBoolean()).isTrue();
        Files.writeString(file, "date,model,cost\n" + today + ",echo,-5\n");
        assertThat(gateway.command("reconcile", "import", file.toString(), "--provider", "sandbox")
                        .status())
                .isEqualTo(1);
    }
}
