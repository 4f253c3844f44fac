package io.mixgateway.platform.privacy;

import java.util.List;

/**
 * The promises of the privacy policy, by their stable numbers, and how each stands. Said honestly: what is not built says
 * so, here, in {@code mixgateway privacy verify} and on the policy's page alike.
 */
public enum Promise {
    P1(
            "Policy and terms are published, dated, in each language, with all past versions",
            Standing.PROVED,
            "",
            "LegalPagesIT"),
    P2("Material changes are announced before they take effect; acceptance is recorded", Standing.NOT_YET, ""),
    P3(
            "What people give is a short list, and nothing else is asked for",
            Standing.CHECKED,
            "every column of the live database is declared",
            "DataMapIT"),
    P4(
            "What arises by itself is minimised at once",
            Standing.PROVED,
            "sessions keep a network (/24, /48) and a family of browsers, the log no address; there are no analytics",
            "SignInIT",
            "LogFieldsTest"),
    P5(
            "Of what partners send, listed claims are kept only",
            Standing.NOT_YET,
            "there are no sign-in or payment partners yet"),
    P6(
            "Of a call its metadata are kept, and no content",
            Standing.CHECKED,
            "no column of content exists",
            "DataMapIT",
            "ContentTest"),
    P7(
            "Request content is processed to serve the request, and not stored",
            Standing.PROVED,
            "no opt-in content log exists",
            "CanaryIT",
            "ContentTest"),
    P8("What a provider does with data can be known and chosen", Standing.NOT_YET, ""),
    P9(
            "Cookies: essential ones only, until there is a choice",
            Standing.CHECKED,
            "every cookie is declared, and essential; there is nothing to consent to, so nothing asks",
            "CookiesTest",
            "StoredIT"),
    P10(
            "Global Privacy Control and Do Not Track are honoured",
            Standing.NOT_YET,
            "nothing is sold, shared or tracked, so there is nothing to stop yet"),
    P11(
            "Product analytics limit personal data",
            Standing.NOT_YET,
            "there are none, and no page loads anything from elsewhere"),
    P12(
            "Each purpose is declared and has a legal basis",
            Standing.CHECKED,
            "every declared field has a purpose and its basis; purposes cannot be switched yet",
            "DataMapIT"),
    P13("Fraud, abuse and incidents are detected and recorded", Standing.NOT_YET, ""),
    P14("Aggregates cannot identify anyone", Standing.NOT_YET, "no aggregates across accounts are shown"),
    P15("Transactional mail always, marketing only with opt-in", Standing.NOT_YET, "no mail is sent"),
    P16(
            "Who receives data is published",
            Standing.NOT_YET,
            "the ways out are published (docs/outbound.md); a register of processors is not there"),
    P17("Legal requests are handled under a process", Standing.NOT_YET, ""),
    P18(
            "No sale of personal data; the program talks to nobody unlisted",
            Standing.CHECKED,
            "every way out is an Outlet",
            "OutboundTest"),
    P19("Right to know and access", Standing.NOT_YET, ""),
    P20("Right to portability", Standing.NOT_YET, ""),
    P21("Right to rectify", Standing.NOT_YET, ""),
    P22("Right to restrict", Standing.NOT_YET, ""),
    P23("Right to object", Standing.NOT_YET, ""),
    P24("Consent can be withdrawn as easily as given", Standing.NOT_YET, "nothing rests on consent"),
    P25("Erasure, with lawful remainders named", Standing.NOT_YET, ""),
    P26("Requests from people without an account", Standing.NOT_YET, ""),
    P27(
            "Retention differs by category and is carried out",
            Standing.CHECKED,
            "the job has run in the last days and nothing is overdue; accounts and books have no end by clock",
            "RetentionIT"),
    P28("Children: minimum age by country", Standing.NOT_YET, ""),
    P29("International transfers are known and safeguarded", Standing.NOT_YET, ""),
    P30("Regional notices", Standing.NOT_YET, ""),
    P31(
            "Passwords and API keys are safeguarded",
            Standing.CHECKED,
            "keys are kept as keyed digests, passwords as Argon2id; credentials of providers stay in the configuration; there is no audit log yet",
            "KeyDigestsTest",
            "PasswordsTest",
            "SignInIT"),
    P32("People can reach the operator", Standing.NOT_YET, "the legal pages name the operator's addresses"),
    P33("Surveys and feedback are voluntary", Standing.NOT_YET, "there are none"),
    P34("The operator is told that this is a starting point, not legal advice", Standing.PROVED, "", "LegalPagesIT"),
    P35("A new owner gets records under the same promises", Standing.NOT_YET, "");

    /** How a promise stands. */
    public enum Standing {
        /** Tests of this release show it, which the build runs; an installation is not looked at. */
        PROVED,
        /** Tests show it, and this installation is looked at when asked. */
        CHECKED,
        /** Not built, or only in part: its note says what there is. */
        NOT_YET
    }

    private final String says;
    private final Standing standing;
    private final String note;
    private final String proofs;

    Promise(String says, Standing standing, String note, String... proofs) {
        this.says = says;
        this.standing = standing;
        this.note = note;
        this.proofs = String.join(" ", proofs);
    }

    /** In a few words of English. */
    public String says() {
        return says;
    }

    public Standing standing() {
        return standing;
    }

    /** What is there, what is looked at, or what is missing; may be empty. */
    public String note() {
        return note;
    }

    /** The tests that show it, by their classes' names. */
    public List<String> proofs() {
        return proofs.isEmpty() ? List.of() : List.of(proofs.split(" ", -1));
    }
}
