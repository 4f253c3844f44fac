package io.mixgateway.web.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** No page can lack a word in any language. */
class TextsTest {
    private static final Pattern USED = Pattern.compile("\\b(?:t|rich)\\(\\s*\"([a-z0-9._-]+)\"\\s*[,)]");
    private static final Pattern PLACE = Pattern.compile("\\{[0-9]}");

    @ParameterizedTest
    @EnumSource
    void everyLanguageHasEveryText(Language language) {
        assertThat(new TreeSet<>(Texts.in(language).keys()))
                .isEqualTo(new TreeSet<>(Texts.in(Language.ENGLISH).keys()));
    }

    @ParameterizedTest
    @EnumSource
    void everyLanguagePutsTheSameThingsIn(Language language) {
        for (String key : Texts.in(Language.ENGLISH).keys()) {
            assertThat(places(Texts.in(language).text(key)))
                    .as("%s in %s", key, language.code())
                    .isEqualTo(places(Texts.in(Language.ENGLISH).text(key)));
            assertThat(Texts.in(language).text(key)).as(key).isNotBlank();
        }
    }

    @Test
    void everyTextThatTemplatesAndCodeAskForIsThere() throws IOException {
        var missing = new TreeSet<String>();
        for (String root : new String[] {"src/main/jte", "src/main/java"}) {
            try (var files = Files.walk(Path.of(root))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    USED.matcher(Files.readString(file))
                            .results()
                            .map(found -> found.group(1))
                            .filter(key -> !key.endsWith(".")
                                    && !Texts.in(Language.ENGLISH).has(key))
                            .forEach(key -> missing.add(file + ": " + key));
                }
            }
        }

        assertThat(missing).isEmpty();
    }

    @Test
    void whatIsPutInIsNotReadAgain() {
        assertThat(Texts.fill("{0} and {1}", "{1}", "b")).isEqualTo("{1} and b");
    }

    private static String places(String words) {
        return PLACE.matcher(words)
                .results()
                .map(found -> found.group())
                .distinct()
                .sorted()
                .collect(Collectors.joining());
    }
}
