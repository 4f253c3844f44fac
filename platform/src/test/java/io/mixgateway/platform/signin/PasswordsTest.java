package io.mixgateway.platform.signin;

import static org.assertj.core.api.Assertions.assertThat;

import io.mixgateway.platform.signin.Passwords.Fault;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** P31: what makes a password, and what is kept of it. */
class PasswordsTest {
    private final Passwords passwords = new Passwords();

    @ParameterizedTest
    @CsvSource({
        "short, TOO_SHORT",
        "elevenchars, TOO_SHORT",
        "passwordpassword, KNOWN",
        "Password-2024!!!, KNOWN",
        "qwertyuiopasdf, KNOWN",
        "aaaaaaaaaaaaaaa, KNOWN",
        "123456789012345, KNOWN",
        "abcdefghijklmnop, KNOWN",
        "Ada@Example.org, LIKE_EMAIL",
    })
    void refusesWhatOthersWouldGuess(String password, Fault fault) {
        assertThat(passwords.fault(password, "ada@example.org")).hasValue(fault);
    }

    @ParameterizedTest
    @ValueSource(strings = {"four quiet rivers meet", "네 개의 조용한 강이 만난다", "x9!kQ2#vL7pz", "correct staple battery 7"})
    void takesLengthInsteadOfRules(String password) {
        assertThat(passwords.fault(password, "ada@example.org")).isEmpty();
    }

    @Test
    void keepsAnArgon2idHashWithItsParameters() {
        var hash = passwords.hash("four quiet rivers meet");

        assertThat(hash).startsWith("$argon2id$v=19$m=19456,t=2,p=1$").doesNotContain("rivers");
        assertThat(passwords.fits("four quiet rivers meet", Optional.of(hash))).isTrue();
        assertThat(passwords.fits("four quiet rivers meat", Optional.of(hash))).isFalse();
        assertThat(passwords.hash("four quiet rivers meet")).isNotEqualTo(hash);
    }

    @Test
    void oneTextIsOnePasswordWhicheverKeyboardItCameFrom() {
        var composed = passwords.hash("caf\u00e9 au lait de nuit");

        assertThat(passwords.fits("cafe\u0301 au lait de nuit", Optional.of(composed)))
                .isTrue();
    }

    @Test // FAILURES 113
    void nobodysPasswordTakesAsLongAsSomebodys() {
        var hash = Optional.of(passwords.hash("four quiet rivers meet"));
        assertThat(passwords.fits("anything at all", Optional.empty())).isFalse();
        // In turns, so that a compiler or a neighbour at work meets both.
        long known = Long.MAX_VALUE;
        long unknown = Long.MAX_VALUE;
        for (int i = 0; i < 12; i++) {
            known = Math.min(known, timeOf(() -> passwords.fits("wrong wrong wrong", hash)));
            unknown = Math.min(unknown, timeOf(() -> passwords.fits("wrong wrong wrong", Optional.empty())));
        }

        assertThat((double) unknown / known).isBetween(0.5, 2.0);
    }

    private static long timeOf(Runnable work) {
        long began = System.nanoTime();
        work.run();
        return System.nanoTime() - began;
    }
}
