package io.mixgateway.relay.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SandboxPageTest {
    private static final Path PAGE = Path.of("..", "docs", "sandbox.md");
    private static final String BEFORE = "<!-- models: checked against SandboxModels by SandboxPageTest -->\n";
    private static final String AFTER = "<!-- /models -->";

    private static String row(SandboxModel model) {
        var name = model.range()
                .map(range -> "`%s-%d` (%d to %d %s; `%s` means %d)"
                        .formatted(
                                model.id(),
                                model.parameter(),
                                range.least(),
                                range.most(),
                                range.unit(),
                                model.id(),
                                model.parameter()))
                .orElse("`" + model.id() + "`");
        var price = model.free()
                ? "free"
                : "$" + model.inputPerMillion() + " / $" + model.cachedInputPerMillion() + " / $"
                        + model.outputPerMillion();
        return "| " + name + " | " + model.description() + " | " + price + " |\n";
    }

    private static String table() {
        return "| name | what it does | price per million tokens: input / cached input / output |\n|---|---|---|\n"
                + SandboxModels.all().stream().map(SandboxPageTest::row).collect(Collectors.joining());
    }

    @Test
    void thePageListsExactlyWhatIsServed() throws IOException {
        var page = Files.readString(PAGE);
        var listed = page.substring(page.indexOf(BEFORE) + BEFORE.length(), page.indexOf(AFTER));

        assertThat(listed).as("the table in docs/sandbox.md").isEqualTo(table());
    }
}
