package io.mixgateway.platform.privacy;

import java.util.Locale;

/** What kind of personal data a field is. */
public enum Category {
    /** Names. */
    IDENTITY,
    /** How to reach somebody. */
    CONTACT,
    /** What proves who somebody is, in a form that does not give the secret away. */
    CREDENTIAL,
    /** Which accounts and keys there are, and who is in them. */
    ACCOUNT,
    /** What was asked of which model when, how much it used and how it ended. Never the content. */
    USAGE,
    /** Credit, charges and prices paid. */
    BILLING,
    /** Sign-ins, sessions and what guards them. */
    SECURITY,
    /** Language, time zone and the like. */
    PREFERENCE,
    /** What the program notes about its own running. */
    DIAGNOSTIC,
    /** The words of requests and answers. Carried, never kept. */
    CONTENT;

    private final String id = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** A stable word for it; the documents name it by this in each language. */
    public String id() {
        return id;
    }
}
