package io.mixgateway.platform.signin;

import com.password4j.Argon2Function;
import com.password4j.Password;
import com.password4j.types.Argon2;
import io.mixgateway.platform.ChangeRefused;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.Base64;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Chosen, hashed and compared. Length instead of rules, and nothing that stands on a list of known ones (NIST SP 800-63B,
 * 3.1.1.2). Argon2id as OWASP advises: 19 MiB, two passes, one lane. Blocking, and costly on purpose: two at once, the
 * rest waits its turn and is sent away after a while.
 */
public final class Passwords {
    /** The fewest characters. */
    public static final int SHORTEST = 12;

    private static final int LONGEST = 200;
    private static final int MEMORY_KIB = 19 * 1024;
    private static final int PASSES = 2;
    private static final int LANES = 1;
    private static final int HASH_BYTES = 32;
    private static final int SALT_BYTES = 16;
    private static final int AT_ONCE = 2;
    private static final int WAIT_SECONDS = 5;
    private static final int FEWEST_DIFFERENT = 5;

    private final Semaphore turns = new Semaphore(AT_ONCE, true);
    /** What an unknown address is compared with, so that it takes as long as a known one: the hash of no password. */
    private final String nobodys = String.format(
            Locale.ROOT,
            "$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s",
            MEMORY_KIB,
            PASSES,
            LANES,
            random(SALT_BYTES),
            random(HASH_BYTES));

    /** Loaded when the first password is hashed or compared. */
    private static final class Hash {
        static final Argon2Function FUNCTION =
                Argon2Function.getInstance(MEMORY_KIB, PASSES, LANES, HASH_BYTES, Argon2.ID);
    }

    /** Read when the first password is chosen. */
    private static final class Known {
        static final Set<String> BARE = known();
    }

    /** Why a password was not taken; the name is the key of the words for it. */
    public enum Fault {
        TOO_SHORT,
        TOO_LONG,
        KNOWN,
        LIKE_EMAIL
    }

    /** What is wrong with {@code password} for whoever signs in with {@code email}; empty when it may be used. */
    public Optional<Fault> fault(String password, String email) {
        var plain = normal(password);
        int length = plain.codePointCount(0, plain.length());
        if (length < SHORTEST) {
            return Optional.of(Fault.TOO_SHORT);
        }
        if (length > LONGEST) {
            return Optional.of(Fault.TOO_LONG);
        }
        var small = plain.toLowerCase(Locale.ROOT);
        if (Known.BARE.contains(bare(small)) || small.chars().distinct().count() < FEWEST_DIFFERENT || isRun(small)) {
            return Optional.of(Fault.KNOWN);
        }
        var name = email.toLowerCase(Locale.ROOT);
        return small.equals(name) || bare(small).equals(bare(name.split("@", 2)[0]))
                ? Optional.of(Fault.LIKE_EMAIL)
                : Optional.empty();
    }

    /** In PHC form. */
    String hash(String password) {
        return inTurn(() -> hashed(normal(password)));
    }

    /** Whether it is the one that {@code hash} was made of; an absent hash fits none, and takes as long to say so. */
    boolean fits(String password, Optional<String> hash) {
        boolean same = inTurn(
                () -> Password.check(normal(password), hash.orElse(nobodys)).with(Hash.FUNCTION));
        return same && hash.isPresent();
    }

    private String hashed(String password) {
        return Password.hash(password)
                .addRandomSalt(SALT_BYTES)
                .with(Hash.FUNCTION)
                .getResult();
    }

    private static String random(int bytes) {
        var some = new byte[bytes];
        new SecureRandom().nextBytes(some);
        return Base64.getEncoder().withoutPadding().encodeToString(some);
    }

    private <T> T inTurn(java.util.function.Supplier<T> work) {
        try {
            if (!turns.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)) {
                throw new ChangeRefused("sign-in: too many at once (expected: try again in a moment)");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ChangeRefused("sign-in: the gateway is stopping");
        }
        try {
            return work.get();
        } finally {
            turns.release();
        }
    }

    /** One password has one form, whichever keyboard it came from. */
    private static String normal(String password) {
        return Normalizer.normalize(password, Normalizer.Form.NFKC);
    }

    /** Without what is put around a word to make it look like another: {@code password-2024!!} is {@code password}. */
    private static String bare(String text) {
        return text.replaceAll("[^\\p{L}\\p{N}]", "").replaceAll("^\\d+(?=\\p{L})|(?<=\\p{L})\\d+$", "");
    }

    /** Neighbours only, up or down: {@code abcdefghijkl}, {@code 987654321098}. */
    private static boolean isRun(String text) {
        int steps = 0;
        for (int i = 1; i < text.length(); i++) {
            if (Math.abs(text.charAt(i) - text.charAt(i - 1)) <= 1) {
                steps++;
            }
        }
        return steps >= text.length() - 2;
    }

    private static Set<String> known() {
        var file = "known-passwords.txt";
        try (var lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(Passwords.class.getResourceAsStream(file), file), StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> bare(line.strip().toLowerCase(Locale.ROOT)))
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
