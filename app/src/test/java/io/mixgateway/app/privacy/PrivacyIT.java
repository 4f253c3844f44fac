package io.mixgateway.app.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import io.mixgateway.app.GatewayUnderTest;
import io.mixgateway.platform.privacy.Promise;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code mixgateway privacy …}: promises P1 to P35, as they stand. */
class PrivacyIT {

    @Test
    void everyPromiseIsPrintedWithItsState() {
        try (var gateway = GatewayUnderTest.start()) {
            var verify = gateway.command("privacy", "verify", "--json");

            assertThat(verify.status()).as(verify.toString()).isZero();
            var states = new HashMap<String, String>();
            verify.json()
                    .get("promises")
                    .forEach(one -> states.put(
                            one.get("promise").asString(), one.get("state").asString()));
            assertThat(states).hasSize(35).containsEntry("P7", "proved").containsEntry("P27", "checked");
            for (Promise promise : Promise.values()) {
                assertThat(states.get(promise.name()))
                        .isEqualTo(
                                switch (promise.standing()) {
                                    case PROVED -> "proved";
                                    case CHECKED -> "checked";
                                    case NOT_YET -> "not yet built";
                                });
            }
            assertThat(gateway.command("privacy", "verify").out())
                    .contains("P35", "not yet built", "Request content is processed");
        }
    }

    @Test
    void aBrokenPromiseIsSaidAndTheCommandFails() throws Exception {
        try (var gateway = GatewayUnderTest.start()) {
            execute(gateway, "alter table person add column shoe_size int");

            var verify = gateway.command("privacy", "verify", "--json");

            assertThat(verify.status()).isEqualTo(1);
            assertThat(verify.json().at("/promises/2/state").asString()).isEqualTo("broken");
            assertThat(verify.json().at("/promises/2/note").asString()).contains("person.shoe_size");
        }
    }

    @Test
    void whatIsOverdueIsABrokenPromiseUntilItIsRemoved() throws Exception {
        try (var gateway = GatewayUnderTest.start()) {
            execute(gateway, "update setup_token set created_at = '2020-01-01', expires_at = '2020-01-02'");
            assertThat(gateway.command("privacy", "verify", "--json")
                            .json()
                            .at("/promises/26/note")
                            .asString())
                    .contains("1 rows are kept longer than promised");

            var retention = gateway.command("privacy", "retention", "--json");

            assertThat(retention.json().at("/removed/0/rows").asLong()).isEqualTo(1);
            assertThat(gateway.command("privacy", "verify").status()).isZero();
        }
    }

    @Test
    void theHostsOfThisInstallationAreListed() {
        try (var gateway = GatewayUnderTest.with("providers: {deepseek: {api-key: sk-test-0123456789}}")) {
            var outbound = gateway.command("privacy", "outbound", "--json");

            assertThat(outbound.json().at("/outlets/0/outlet").asString()).isEqualTo("providers");
            assertThat(outbound.json().at("/outlets/0/hosts").asString()).isEqualTo("api.deepseek.com");
        }
    }

    /**
     * "Proved" and "checked" are said only where tests are named that are there, that say for which promise they are, and
     * that every build runs.
     */
    @Test
    void everyProofIsATestThatKnowsItsPromiseAndIsRun() throws IOException {
        var tests = new HashMap<String, Path>();
        try (Stream<Path> files = Files.walk(Path.of("").toAbsolutePath().getParent())) {
            files.filter(file -> file.toString().contains("src/test/java")
                            && file.toString().matches(".*(?:Test|IT)\\.java"))
                    .forEach(file -> tests.put(file.getFileName().toString().replace(".java", ""), file));
        }
        for (Promise promise : Promise.values()) {
            if (promise.standing() == Promise.Standing.NOT_YET) {
                assertThat(promise.proofs()).as(promise.name()).isEmpty();
            } else {
                assertThat(promise.proofs()).as(promise.name()).isNotEmpty().allMatch(tests::containsKey);
                for (String proof : promise.proofs()) {
                    var source = Files.readString(tests.get(proof));
                    var head = source.substring(0, source.indexOf("class " + proof));
                    assertThat(head)
                            .as("%s, a proof of %s", proof, promise)
                            .containsPattern("/\\*\\*[^/]*\\b" + promise.name() + "\\b")
                            .doesNotContain("@Disabled", "@Enabled");
                    assertThat(source).as(proof).doesNotContain("@Disabled");
                }
            }
        }
        assertThat(Map.copyOf(tests)).containsKey("PrivacyIT");
    }

    private static void execute(GatewayUnderTest gateway, String sql) throws Exception {
        var url = io.mixgateway.platform.store.DatabaseUrl.parse(
                gateway.options().databaseUrl().orElseThrow());
        try (var connection = java.sql.DriverManager.getConnection(
                        "jdbc:postgresql://" + url.hosts() + "/" + url.database(),
                        url.user().orElseThrow(),
                        url.password().map(secret -> secret.reveal()).orElse(""));
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
