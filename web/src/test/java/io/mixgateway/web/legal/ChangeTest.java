package io.mixgateway.web.legal;

import static org.assertj.core.api.Assertions.assertThat;

import io.mixgateway.web.page.Language;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;

class ChangeTest {

    @Test
    void tellsWhatWasAddedAndWhatWasRemoved() {
        var before = Block.read("## One\n\nstays\n\ngoes\n\n- item");
        var after = Block.read("## One\n\nstays\n\n- item\n\ncomes");

        assertThat(Change.between(before, after))
                .extracting(change -> change.how() + " " + change.block().text())
                .containsExactly("SAME One", "SAME stays", "REMOVED goes", "SAME item", "ADDED comes");
        assertThat(Change.between(before, before)).allMatch(change -> change.how() == Change.How.SAME);
    }

    /** P1: an old version stays reachable beside the one in force. */
    @Test
    void earlierVersionsStay() {
        var versions = Versions.in("/io/mixgateway/web/legal/two/");
        var first = LocalDate.parse("2025-01-01");
        var second = LocalDate.parse("2026-01-01");

        assertThat(versions.of(LegalDocument.TERMS)).containsExactly(second, first);
        assertThat(versions.newest(LegalDocument.TERMS)).isEqualTo(second);
        assertThat(versions.text(LegalDocument.TERMS, first, Language.ENGLISH).orElseThrow())
                .isEqualTo(Block.read("First."));
        assertThat(versions.text(LegalDocument.TERMS, LocalDate.parse("2024-01-01"), Language.ENGLISH))
                .isEmpty();
    }

    @Test
    void everyLanguageHasTheSameShape() {
        var versions = Versions.bundled();
        for (LegalDocument document : LegalDocument.values()) {
            for (LocalDate date : versions.of(document)) {
                var english = versions.text(document, date, Language.ENGLISH).orElseThrow();
                for (Language language : Language.values()) {
                    assertThat(versions.text(document, date, language).orElseThrow())
                            .as("%s of %s in %s", document, date, language)
                            .extracting(Block::kind)
                            .isEqualTo(english.stream().map(Block::kind).toList());
                }
            }
        }
    }
}
