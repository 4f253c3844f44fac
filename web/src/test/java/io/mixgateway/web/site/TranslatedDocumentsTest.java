package io.mixgateway.web.site;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.mixgateway.web.page.Language;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A document says the same in every language: what is not words is compared, so that a change of one is not forgotten in others. */
class TranslatedDocumentsTest {
    private static final Pattern CODE = Pattern.compile("`[^`]+`");

    static Stream<Arguments> translations() {
        return Documents.NAMES.stream()
                .filter(name -> !name.equals("errors"))
                .flatMap(name -> Stream.of(Language.values())
                        .filter(language -> language != Language.ENGLISH)
                        .map(language -> Arguments.of(name, language)));
    }

    @ParameterizedTest
    @MethodSource("translations")
    void hasTheSameHeadingsTablesAndCode(String name, Language language) throws IOException {
        var english = lines(Language.ENGLISH, name);
        var translated = lines(language, name);
        var at = "docs/" + language.code() + "/" + name + ".md beside the English one: ";

        assertThat(levels(translated)).as(at + "headings").isEqualTo(levels(english));
        assertThat(blocks(translated)).as(at + "blocks of code").isEqualTo(blocks(english));
        assertThat(firstCells(translated))
                .as(at + "what the rows of tables are about")
                .containsExactlyElementsOf(firstCells(english));
    }

    private static List<String> lines(Language language, String name) throws IOException {
        var path = "/io/mixgateway/web/docs/" + language.code() + "/" + name + ".md";
        try (var file = Documents.class.getResourceAsStream(path)) {
            return new String(requireNonNull(file, path).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
    }

    private static List<Integer> levels(List<String> lines) {
        return prose(lines).stream()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.indexOf(' '))
                .toList();
    }

    private static List<String> prose(List<String> lines) {
        return part(lines, false);
    }

    /** Without comments, which are words. */
    private static List<String> blocks(List<String> lines) {
        return part(lines, true).stream()
                .map(line -> line.replaceFirst("(^|\\s)#\\s.*", ""))
                .toList();
    }

    /** The lines inside of blocks of code, or those outside. */
    private static List<String> part(List<String> lines, boolean inside) {
        var part = new ArrayList<String>();
        boolean code = false;
        for (String line : lines) {
            if (line.startsWith("```")) {
                code = !code;
            } else if (code == inside) {
                part.add(line);
            }
        }
        return part;
    }

    private static List<List<String>> firstCells(List<String> lines) {
        return prose(lines).stream()
                .filter(line -> line.startsWith("|"))
                .map(line -> CODE.matcher(line.split("\\|", 3)[1])
                        .results()
                        .map(found -> found.group())
                        .toList())
                .toList();
    }
}
