package io.mixgateway.platform.store;

import java.security.SecureRandom;

/** Text nobody can guess: secrets and public ids. */
public final class RandomText {
    private static final String BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int LOWER = 36;
    private static final int ID_LENGTH = 20;
    private static final SecureRandom RANDOM = new SecureRandom();

    private RandomText() {}

    /** {@code length} characters of 0-9, A-Z and a-z, 5.95 bits each. */
    public static String base62(int length) {
        return of(BASE62.length(), BASE62, length);
    }

    /** {@code length} capital letters and figures that nobody takes for one another, 5 bits each. */
    public static String base32(int length) {
        return of(32, "0123456789ABCDEFGHJKMNPQRSTVWXYZ", length);
    }

    /** A public id such as {@code acc-…}: the prefix, a hyphen and twenty of 0-9 and a-z, which nobody meets twice. */
    public static String id(String prefix) {
        return prefix + "-" + of(LOWER, "0123456789abcdefghijklmnopqrstuvwxyz", ID_LENGTH);
    }

    private static String of(int base, String letters, int length) {
        var text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(letters.charAt(RANDOM.nextInt(base)));
        }
        return text.toString();
    }
}
