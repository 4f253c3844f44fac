package io.mixgateway.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsPageTest {
    private static final Path DOCS = Path.of("").toAbsolutePath().resolveSibling("docs");

    @Test
    void thePageSaysWhatTheCodeDoes() throws IOException {
        var file = DOCS.resolve("configuration.md");
        if (Boolean.getBoolean("docs.write")) {
            Files.createDirectories(DOCS);
            Files.writeString(file, SettingsPage.page());
        }

        assertThat(file)
                .as("write it again: ./build -pl app -am test -Dtest=SettingsPageTest"
                        + " -Dsurefire.failIfNoSpecifiedTests=false -Ddocs.write=true")
                .hasContent(SettingsPage.page());
    }

    @Test
    void thePagesExampleIsSound() {
        var page = SettingsPage.page();
        var from = page.indexOf("```yaml\n") + "```yaml\n".length();
        var example = page.substring(from, page.indexOf("```", from));

        var read = ConfigFile.read(example, "example", Map.of("MOCK_KEY", "k", "DEEPSEEK_API_KEY", "k"));

        assertThat(read.problems().errors()).isEmpty();
    }

    @Test
    void everySettingOfTheEnvironmentHasItsOwnVariable() {
        var variables = SettingTree.declared(Settings.class).stream()
                .filter(SettingTree::isScalar)
                .map(declared -> Overrides.variable(declared.path()));

        assertThat(variables).doesNotHaveDuplicates().contains("MIXGATEWAY_SERVER_PORT");
    }
}
