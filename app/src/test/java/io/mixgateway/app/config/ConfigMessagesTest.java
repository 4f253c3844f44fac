package io.mixgateway.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each mistake is answered with, word for word: operators read these. */
class ConfigMessagesTest {
    private static final String PRICE = "(expected: US dollars such as 0.40: 0 or more, at most nine places)";

    @Test
    void saysEverythingThatIsWrongAtOnceInTheFilesOrder() {
        assertThat(problems("""
                        server:
                          prot: 80
                          host: [a]
                          tls: {certificate: c.pem}
                        providers:
                          mock:
                            base-ulr: http://x
                            base-url: ftp://files.example
                            dialect: opena
                            quirks: [reject-stream-options]
                            models:
                              - {price: {input: 1, output: 2}}
                              - {id: m, price: {input: -1, output: .nan}, context: many}
                          Mock: {}
                        limits: {idle: 5, max-body: 20, connect: 2 parsecs, total: 0s}
                        server: {}
                        """))
                .containsExactly(
                        "line 2: server.prot: unknown setting (did you mean port?)",
                        "line 3: server.host: is a list (expected: text)",
                        "line 4: server.tls.key: missing (expected: the path of a file)",
                        "line 7: providers.mock.base-ulr: unknown setting (did you mean base-url?)",
                        "line 8: providers.mock.base-url: \"ftp://files.example\""
                                + " (expected: an address such as https://api.example.com/v1)",
                        "line 9: providers.mock.dialect: \"opena\" (did you mean openai?)",
                        "line 10: providers.mock.quirks[0]: \"reject-stream-options\""
                                + " (did you mean rejects-stream-options?)",
                        "line 12: providers.mock.models[0].id: missing (expected: text)",
                        "line 13: providers.mock.models[1].price.input: \"-1\" " + PRICE,
                        "line 13: providers.mock.models[1].price.output: \".nan\" " + PRICE,
                        "line 13: providers.mock.models[1].context: \"many\""
                                + " (expected: a whole number, from 1, to 1000000000)",
                        "line 14: providers.Mock: not a name for this (expected: small letters, digits, - _ and .)",
                        "line 15: limits.max-body: \"20\" (expected: a size such as 512kB or 20MB, from 1kB, to 1GB)",
                        "line 15: limits.connect: \"2 parsecs\""
                                + " (expected: a duration such as 500ms, 2s, 30m or 1h, from 1ms, to 5m)",
                        "line 15: limits.idle: \"5\""
                                + " (expected: a duration such as 500ms, 2s, 30m or 1h, from 1ms, to 1h)",
                        "line 15: limits.total: \"0s\""
                                + " (expected: a duration such as 500ms, 2s, 30m or 1h, from 1ms, to 24h)",
                        "line 16: server: given twice, first on line 1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-1",
                "-0.01",
                ".nan",
                "NaN",
                ".inf",
                "Infinity",
                "1e300",
                "1e-3",
                "4,5",
                "0x10",
                "$1",
                "1_000",
                "1000000",
                "0.1234567891",
                "+1",
                "٣"
            })
    void refusesAPriceThatIsNotAPlainDecimal(String price) { // FAILURES 33
        assertThat(problems("providers: {a: {models: [{id: m, price: {input: \"" + price + "\", output: 1}}]}}"))
                .contains("line 1: providers.a.models[0].price.input: \"" + price + "\" " + PRICE);
    }

    @Test
    void refusesAnEmptyPrice() { // FAILURES 33
        assertThat(problems("providers: {a: {models: [{id: m, price: {input: , output: 1}}]}}"))
                .contains(
                        "line 1: providers.a.models[0].price.input: has no value (expected: one, or the key left out)");
        assertThat(problems("providers: {a: {models: [{id: m, price: {}}]}}"))
                .containsExactly("line 1: providers.a.models[0].price.input: missing"
                        + " (expected: USD per million tokens; 0 where only request is charged)");
    }

    @Test
    void freeMustBeSaidAndNotContradicted() { // FAILURES 31
        assertThat(problems("providers: {a: {models: [{id: m, price: {input: 0, output: 0}}]}}"))
                .containsExactly("line 1: providers.a.models[0].price: every rate is 0"
                        + " (expected: a rate above 0, or free: true)");
        assertThat(problems("providers: {a: {models: [{id: m, price: {input: 1, output: 0}, free: true}]}}"))
                .containsExactly("line 1: providers.a.models[0].free: true beside a price above 0"
                        + " (expected: one of the two)");
        assertThat(problems("providers: {a: {models: [{id: m, price: {input: 0, output: 0}, free: true}]}}"))
                .isEmpty();
        assertThat(problems("providers: {a: {models: [{id: m, free: yes}]}}"))
                .containsExactly("line 1: providers.a.models[0].free: \"yes\" (expected: true or false)");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    server: 8080 | line 1: server: is a single value (expected: settings, each as key: value)
                    providers: [a] | line 1: providers: is a list (expected: settings, each as key: value)
                    providers: {a: {models: {id: m}}} | line 1: providers.a.models: is a mapping (expected: a list)
                    server: {port: } | line 1: server.port: has no value (expected: one, or the key left out)
                    server: {port: !!binary aGk=} | line 1: server.port: has a YAML tag, which is not read (expected: a whole number, from 0, to 65535)
                    server: !thing {} | line 1: server: has a YAML tag, which is not read (expected: settings, each as key: value)
                    server: {[a]: 1} | line 1: server: a key that is not a word (expected: key: value)
                    providers: {a: {dialect: anthropic}} | line 1: providers.a.dialect: "anthropic" is not spoken yet (expected: openai)
                    providers: {a: {api-key: "two words"}} | line 1: providers.a.api-key: has a blank or a special character in it (expected: the key alone)
                    providers: {a: {auth-header: "x key:"}} | line 1: providers.a.auth-header: not the name of a header (expected: such as x-api-key)
                    providers: {a: {headers: {Host: x}}} | line 1: providers.a.headers: Host is set by the gateway itself (expected: other headers)
                    providers: {a: {headers: {"a b": x}}} | line 1: providers.a.headers."a b": not a name for this (expected: the name of a header)
                    models: {m: {route: []}} | line 1: models.m.route: is empty (expected: endpoints such as "openai:gpt-4.1-mini")
                    just words | is a single value (expected: settings, each as key: value)
                    a: [1, 2 | line 1: not YAML: expected ',' or ']', but got <stream end>
                    """)
    void saysWhereAndWhatIsExpected(String yaml, String message) {
        assertThat(problems(yaml)).containsExactly(message);
    }

    @Test
    void aMissingVariableIsNamedWithThePath() {
        assertThat(problems("providers:\n  mock: {api-key: ${MOCK_KEY}}"))
                .containsExactly("line 2: providers.mock.api-key: the environment variable MOCK_KEY is not set"
                        + " (set it, or write ${MOCK_KEY:-default})");
        assertThat(problems("server: {host: \"${1A}\"}"))
                .containsExactly("line 1: server.host: a ${ that is no reference"
                        + " (expected: ${NAME} or ${NAME:-default}; $${ for a plain ${)");
    }

    @Test
    void neverShowsASecretOrWhatAVariableHolds() { // FAILURES 105
        var environment = Map.of("SECRET", "sk-very-secret value", "MIXGATEWAY_SERVER_PORT", "sk-very-secret");
        var messages = String.join("\n", problems("""
                        providers:
                          a: {api-key: ${SECRET}, base-url: ${SECRET}}
                          b: {api-key: "sk-very-secret literal"}
                          c: {api-key: [sk-very-secret]}
                        limits: {idle: ${SECRET}}
                        """, environment));

        assertThat(messages)
                .doesNotContain("very-secret")
                .contains("line 5: limits.idle: what ${SECRET} makes it (expected: a duration")
                .contains("server.port: what MIXGATEWAY_SERVER_PORT makes it (expected: a whole number");
        assertThat(ConfigFile.read("providers: {a: {api-key: sk-very-secret}}", "c", Map.of())
                        .settings()
                        .toString())
                .doesNotContain("very-secret");
    }

    @Test
    void namesTheUnderscoreThatAnAddressCannotHaveInItsHost() {
        var fault = ": a host name with an underscore (_) cannot be called"
                + " (expected: another name for that host, such as one with a hyphen, or its IP address)";

        assertThat(problems("providers: {mine: {base-url: \"http://my_llm:9001/v1\"}}"))
                .containsExactly("line 1: providers.mine.base-url: \"http://my_llm:9001/v1\"" + fault);
        assertThat(problems("providers: {mine: {base-url: \"${AT}\"}}", Map.of("AT", "http://my_llm/v1")))
                .containsExactly("line 1: providers.mine.base-url: what ${AT} makes it" + fault);
        assertThat(problems("providers: {mine: {base-url: \"http://my-llm:9001/v_1\"}}"))
                .isEmpty();
    }

    @Test
    void anAddressIsShownWithoutTheCredentialsInIt() {
        assertThat(problems("providers: {mine: {base-url: \"http://user:very-secret@x/v1\"}}"))
                .containsExactly("line 1: providers.mine.base-url: \"http://…@x/v1\""
                        + " (expected: an address such as https://api.example.com/v1)");
    }

    private static List<String> problems(String yaml) {
        return problems(yaml, Map.of());
    }

    private static List<String> problems(String yaml, Map<String, String> environment) {
        return ConfigFile.read(yaml, "c.yaml", environment).problems().errors().stream()
                .map(Problem::toString)
                .toList();
    }
}
