package io.mixgateway.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever the file holds, reading it ends, soon, and with problems rather than with anything else. */
@Timeout(60)
class JunkTest {
    private static final String[] PIECES = {
        "server",
        "port",
        "providers",
        "models",
        "route",
        "price",
        "input",
        "id",
        "limits",
        "idle",
        "mock",
        "api-key",
        ": ",
        ":",
        "\n",
        "\n  ",
        "\n    - ",
        "- ",
        "{",
        "}",
        "[",
        "]",
        ",",
        "'",
        "\"",
        "|",
        ">",
        "&a ",
        "*a",
        "!!binary ",
        "!x ",
        "? ",
        "#",
        "%YAML 1.2\n",
        "---\n",
        "...\n",
        "${HOME}",
        "${",
        "$${X}",
        "${X:-a b, c}",
        "null",
        "~",
        "0.40",
        "-1",
        ".nan",
        "20MB",
        "2s",
        "\t",
        "\r",
        "\u0000",
        "\u0085",
        "\uFEFF",
        "\uE012",
        "\uD83D\uDE00",
        "\uD83D",
        "é",
        "<<",
        "\\",
        "@",
        "`"
    };

    @Test
    void randomPiecesNeverThrowAnythingElse() {
        for (int seed = 0; seed < 1_000; seed++) {
            var random = new Random(seed);
            var text = new StringBuilder();
            int length = random.nextInt(1, 40);
            for (int at = 0; at < length; at++) {
                text.append(PIECES[random.nextInt(PIECES.length)]);
            }
            read(text.toString(), seed);
        }
    }

    @Test
    void aDamagedFileNeverThrowsAnythingElse() {
        var whole = """
                server: {host: 127.0.0.1, port: 8080}
                providers:
                  mock:
                    base-url: http://127.0.0.1:9001/v1
                    api-key: ${HOME}
                    models:
                      - id: gpt-4.1-mini
                        price: {input: 0.40, output: 1.60}
                models:
                  best: {route: ["mock:gpt-4.1-mini"]}
                limits: {max-body: 20MB, connect: 2s}
                """;
        for (int seed = 0; seed < 1_000; seed++) {
            var random = new Random(seed);
            var text = new StringBuilder(whole);
            for (int damage = random.nextInt(1, 6); damage > 0; damage--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.deleteCharAt(at);
                    case 1 -> text.insert(at, PIECES[random.nextInt(PIECES.length)]);
                    default -> text.setCharAt(at, (char) random.nextInt(0x3000));
                }
            }
            read(text.toString(), seed);
        }
    }

    @Test
    void deepNestingEnds() {
        assertThat(read("[".repeat(100_000), 0)).contains("nested deeper than 50 levels");
        assertThat(read("a: ".repeat(1) + "{a: ".repeat(100_000), 0)).contains("nested deeper than 50 levels");
    }

    @Test
    void aliasesThatUnfoldWithoutEndAreStopped() {
        var bomb = new StringBuilder("providers:\n  p:\n    models: &a\n");
        for (int item = 0; item < 300; item++) {
            bomb.append("      - {id: m").append(item).append(", free: true}\n");
        }
        for (int copy = 0; copy < 900; copy++) {
            bomb.append("  p").append(copy).append(": {models: *a}\n");
        }
        assertThat(read(bomb.toString(), 0))
                .contains("Number of aliases for non-scalar nodes exceeds the specified max=50");
        assertThat(read("server: &a {port: *a}", 0)).isNotEmpty();
        assertThat(read("providers: &a {p: *a}", 0)).isNotEmpty();
    }

    private static String read(String text, int seed) {
        try {
            var read = ConfigFile.read(text, "junk.yaml", Map.of("HOME", "/root"));
            return read.problems().errors().toString();
        } catch (RuntimeException | StackOverflowError other) {
            throw new AssertionError("seed " + seed + ": " + text, other);
        }
    }
}
