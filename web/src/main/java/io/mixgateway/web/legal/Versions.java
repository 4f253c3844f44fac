package io.mixgateway.web.legal;

import static java.util.Objects.requireNonNull;

import io.mixgateway.web.page.Language;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All versions of the documents, from the files below {@code legal/}: {@code versions} lists document and date, the newest
 * last; {@code privacy/2026-11-23/en.txt} is a text. Read once.
 */
public final class Versions {
    private final Map<LegalDocument, List<LocalDate>> dates = new EnumMap<>(LegalDocument.class);
    private final Map<String, List<Block>> texts = new HashMap<>();

    private Versions(String root) {
        for (LegalDocument document : LegalDocument.values()) {
            dates.put(
                    document,
                    file(root + "versions")
                            .lines()
                            .map(line -> line.strip().split(" ", 3))
                            .filter(words -> words.length == 2 && words[0].equals(document.code()))
                            .map(words -> LocalDate.parse(words[1]))
                            .sorted()
                            .toList()
                            .reversed());
            for (LocalDate date : of(document)) {
                for (Language language : Language.values()) {
                    var path = document.code() + "/" + date + "/" + language.code() + ".txt";
                    texts.put(path, Block.read(file(root + path)));
                }
            }
        }
    }

    /** Those that come with the program. */
    public static Versions bundled() {
        return new Versions("/io/mixgateway/web/legal/");
    }

    /** Those below another folder of the class path, for tests. */
    static Versions in(String root) {
        return new Versions(root);
    }

    /** The dates from which versions are in force, the newest first; at least one. */
    public List<LocalDate> of(LegalDocument document) {
        return requireNonNull(dates.get(document));
    }

    public LocalDate newest(LegalDocument document) {
        return of(document).getFirst();
    }

    /** The text of a version, if there was one of that date. */
    public Optional<List<Block>> text(LegalDocument document, LocalDate date, Language language) {
        return Optional.ofNullable(texts.get(document.code() + "/" + date + "/" + language.code() + ".txt"));
    }

    private static String file(String path) {
        try (var stream = requireNonNull(Versions.class.getResourceAsStream(path), path)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
