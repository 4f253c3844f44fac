package io.mixgateway.relay.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokensTest {
    @ParameterizedTest
    @ValueSource(strings = {"a", " ", "\n", "aB", "🦄", "啊", "1", "!", "\u0301", "'s", "\u200d"})
    @Timeout(60)
    void textsMadeToBeSlowAreCountedInTime(String unit) {
        // FAILURES 96: a prompt of one endless word
        var text = unit.repeat(1_200_000 / unit.length());

        assertThat(Tokens.count(text)).isPositive();
    }

    @Test
    void fragmentsAreWholeCharactersAndTogetherTheText() {
        var text = "👩‍👩‍👧‍👦🏳️‍🌈 𝒳 한국어 日本語 x\u0000é";
        var spoken = Spoken.of(text);
        var reading = spoken.read();
        var together = new StringBuilder();
        int tokens = 0;
        for (var fragment = reading.next(); fragment != null; fragment = reading.next()) {
            assertThat(fragment.text()).isNotEmpty().doesNotContain("\ufffd");
            together.append(fragment.text());
            tokens += fragment.tokens();
        }
        assertThat(together).hasToString(text);
        assertThat(tokens).isEqualTo(spoken.tokenCount());
    }

    @Test
    void aCharacterThatWasCutOffIsLeftOut() {
        var spoken = Spoken.of("🏳️‍🌈").atMost(1);

        assertThat(spoken.tokenCount()).isEqualTo(1);
        assertThat(spoken.text()).doesNotContain("\ufffd");
    }

    @Test
    void longTextsAreEncodedAsTheyAreCounted() {
        var text = "Some words, again and again; 它们重复。 ".repeat(600);

        assertThat(Tokens.encode(text)).hasSize((int) Tokens.count(text));
        assertThat(Spoken.of(text).text()).isEqualTo(text);
    }
}
