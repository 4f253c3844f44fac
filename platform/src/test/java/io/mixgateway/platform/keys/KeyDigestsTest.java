package io.mixgateway.platform.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** P31: a key is kept as a keyed digest. */
class KeyDigestsTest {
    private static final byte[] KEY = new byte[32];

    static {
        Arrays.fill(KEY, (byte) 7);
    }

    private final KeyDigests digests = new KeyDigests(KEY);

    @Test
    void computesHmacSha256() throws Exception {
        // Given
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(KEY, "HmacSHA256"));

        // Then
        assertThat(digests.digestOf("sk-mg-abc").bytes())
                .isEqualTo(mac.doFinal("sk-mg-abc".getBytes(StandardCharsets.US_ASCII)));
        // RFC 4231, case 2, has a short key
        assertThat(HexFormat.of()
                        .formatHex(new KeyDigests("Jefe".getBytes(StandardCharsets.US_ASCII))
                                .digestOf("what do ya want for nothing?")
                                .bytes()))
                .isEqualTo("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }

    @Test
    void makesSecretsThatOnlyThisInstallationTakesForItsOwn() {
        // When
        var secret = digests.newSecret().reveal();

        // Then
        assertThat(secret).matches("sk-mg-[0-9A-Za-z]{42}");
        assertThat(KeyDigests.hasTheForm(secret)).isTrue();
        assertThat(digests.isOurs(secret)).isTrue();
        assertThat(new KeyDigests(new byte[32]).isOurs(secret)).isFalse();
        assertThat(digests.newSecret().reveal()).isNotEqualTo(secret);
    }

    @Test
    void noticesAMistypedLetter() {
        // Given
        var secret = digests.newSecret().reveal();

        // Then
        for (int i = KeyDigests.PREFIX.length(); i < secret.length(); i++) {
            var other = secret.charAt(i) == 'x' ? 'y' : 'x';
            assertThat(digests.isOurs(secret.substring(0, i) + other + secret.substring(i + 1)))
                    .isFalse();
        }
    }

    // FAILURES 106, 113
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "sk-mg-",
                "' OR '1'='1",
                "sk-mg-' OR '1'='1' -- aaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                "sk-mg-%_%_%_%_%_%_%_%_%_%_%_%_%_%_%_%_%_%_%_%_%_%_",
                "sk-mg-\u0000bcdefghijklmnopqrstuvwxyz0123456789ABCDEF",
                "sk-mg-äbcdefghijklmnopqrstuvwxyz0123456789ABCDEFGH",
                "sk-xx-abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGH"
            })
    void turnsAwayWhatCannotBeAKey(String text) {
        assertThat(KeyDigests.hasTheForm(text)).isFalse();
    }
}
