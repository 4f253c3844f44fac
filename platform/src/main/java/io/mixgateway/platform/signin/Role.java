package io.mixgateway.platform.signin;

import java.util.Locale;

/** What a person may do in an account; see the permissions of the web part. */
public enum Role {
    OWNER,
    ADMIN,
    DEVELOPER,
    BILLING,
    VIEWER;

    static Role of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
