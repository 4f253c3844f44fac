package io.mixgateway.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsPageTest {
    private static final Path ROOT =
            Objects.requireNonNull(Path.of("").toAbsolutePath().getParent());
    private static final Path DOCS = ROOT.resolve("docs");
    private static final String AGAIN = "write it again: ./build -pl app -am test -Dtest=SettingsPageTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Ddocs.write=true";

    @Test
    void thePageSaysWhatTheCodeDoes() throws IOException {
        var file = DOCS.resolve("configuration.md");
        if (Boolean.getBoolean("docs.write")) {
            Files.createDirectories(DOCS);
            Files.writeString(file, SettingsPage.page());
        }

        assertThat(file).as(AGAIN).hasContent(SettingsPage.page());
    }

    /** The words of the translations are people's; their rows of presets are the code's, so that a new preset asks for no words. */
    @ParameterizedTest
    @CsvSource({"zh, CHINESE", "ko, KOREAN"})
    void theTranslationsNameTheSamePresets(String language, PresetRows rows) throws IOException {
        var file = ROOT.resolve("web/src/main/resources/io/mixgateway/web/docs/" + language + "/configuration.md");
        var page = rows.in(file);
        if (Boolean.getBoolean("docs.write")) {
            Files.writeString(file, page);
        }

        assertThat(file).as(AGAIN).hasContent(page);
    }

    @ParameterizedTest
    @ValueSource(strings = {"zh", "ko"})
    void theTranslationsNameWhatNeedsARestart(String language) throws IOException {
        var file = ROOT.resolve("web/src/main/resources/io/mixgateway/web/docs/" + language + "/configuration.md");
        var rule = Files.readString(file)
                .lines()
                .filter(line -> line.startsWith("- ") || line.startsWith("  "))
                .collect(Collectors.joining("\n"));

        assertThat(rule).contains(SettingsPage.needRestart());
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
