package io.mixgateway.platform.privacy;

import static io.mixgateway.platform.privacy.Place.column;

import java.util.List;

/** Accounts, people, and what they sign in and call with. */
final class PeopleData {
    private static final Terms ACCOUNT = Terms.of(
                    Subject.ACCOUNT, Source.GIVEN, Retention.WHILE_ACCOUNT, Erasure.ANONYMISED)
            .use(Purpose.SERVICE, LegalBasis.CONTRACT)
            .use(Purpose.BILLING, LegalBasis.CONTRACT);
    private static final Terms PERSON = Terms.of(Subject.PERSON, Source.GIVEN, Retention.WHILE_ACCOUNT, Erasure.DELETED)
            .use(Purpose.SERVICE, LegalBasis.CONTRACT)
            .use(Purpose.SECURITY, LegalBasis.LEGITIMATE_INTEREST);
    private static final Terms MEMBER = PERSON.from(Source.AUTOMATIC);
    private static final Terms LINK = Terms.of(Subject.PERSON, Source.AUTOMATIC, Retention.USED_LINKS, Erasure.DELETED)
            .use(Purpose.SECURITY, LegalBasis.CONTRACT);
    private static final Terms SESSION = Terms.of(
                    Subject.PERSON, Source.AUTOMATIC, Retention.ENDED_SESSIONS, Erasure.DELETED)
            .use(Purpose.SERVICE, LegalBasis.CONTRACT)
            .use(Purpose.SECURITY, LegalBasis.LEGITIMATE_INTEREST);
    private static final Terms KEY = Terms.of(Subject.ACCOUNT, Source.AUTOMATIC, Retention.DEAD_KEYS, Erasure.DELETED)
            .use(Purpose.SERVICE, LegalBasis.CONTRACT)
            .use(Purpose.SECURITY, LegalBasis.LEGITIMATE_INTEREST);

    static final List<Field> FIELDS = List.of(
            ACCOUNT.from(Source.AUTOMATIC).field(column("account", "id"), Category.ACCOUNT, "account.id"),
            ACCOUNT.field(column("account", "email"), Category.CONTACT, "account.email"),
            ACCOUNT.field(column("account", "name"), Category.IDENTITY, "account.name"),
            ACCOUNT.field(column("account", "currency"), Category.BILLING, "account.currency"),
            ACCOUNT.field(column("account", "time_zone"), Category.PREFERENCE, "account.time_zone"),
            ACCOUNT.from(Source.AUTOMATIC).field(column("account", "status"), Category.ACCOUNT, "account.status"),
            ACCOUNT.from(Source.AUTOMATIC)
                    .field(column("account", "status_reason"), Category.ACCOUNT, "account.status_reason"),
            ACCOUNT.from(Source.AUTOMATIC).field(column("account", "plan"), Category.BILLING, "account.plan"),
            ACCOUNT.from(Source.AUTOMATIC)
                    .field(column("account", "created_at"), Category.ACCOUNT, "account.created_at"),
            PERSON.from(Source.AUTOMATIC).field(column("person", "id"), Category.ACCOUNT, "profile.id"),
            PERSON.field(column("person", "email"), Category.CONTACT, "profile.email"),
            PERSON.field(column("person", "name"), Category.IDENTITY, "profile.name"),
            PERSON.hidden(column("person", "password_hash"), Category.CREDENTIAL),
            PERSON.from(Source.AUTOMATIC)
                    .field(column("person", "email_verified_at"), Category.SECURITY, "profile.email_verified_at"),
            PERSON.from(Source.AUTOMATIC).field(column("person", "created_at"), Category.ACCOUNT, "profile.created_at"),
            MEMBER.field(column("member", "account_id"), Category.ACCOUNT, "memberships.account"),
            MEMBER.field(column("member", "person_id"), Category.ACCOUNT, "memberships.person"),
            MEMBER.field(column("member", "role"), Category.ACCOUNT, "memberships.role"),
            MEMBER.field(column("member", "created_at"), Category.ACCOUNT, "memberships.created_at"),
            LINK.hidden(column("setup_token", "digest"), Category.CREDENTIAL),
            LINK.field(column("setup_token", "person_id"), Category.SECURITY, "setup_links.person"),
            LINK.field(column("setup_token", "created_at"), Category.SECURITY, "setup_links.created_at"),
            LINK.field(column("setup_token", "expires_at"), Category.SECURITY, "setup_links.expires_at"),
            LINK.field(column("setup_token", "used_at"), Category.SECURITY, "setup_links.used_at"),
            SESSION.field(column("session", "id"), Category.SECURITY, "sessions.id"),
            SESSION.field(column("session", "person_id"), Category.SECURITY, "sessions.person"),
            SESSION.field(column("session", "account_id"), Category.SECURITY, "sessions.account"),
            SESSION.hidden(column("session", "digest"), Category.CREDENTIAL),
            SESSION.hidden(column("session", "former_digest"), Category.CREDENTIAL),
            SESSION.field(column("session", "rotated_at"), Category.SECURITY, "sessions.rotated_at"),
            SESSION.field(column("session", "browser"), Category.SECURITY, "sessions.browser"),
            SESSION.field(column("session", "network"), Category.SECURITY, "sessions.network"),
            SESSION.field(column("session", "created_at"), Category.SECURITY, "sessions.created_at"),
            SESSION.field(column("session", "last_seen_at"), Category.SECURITY, "sessions.last_seen_at"),
            SESSION.field(column("session", "expires_at"), Category.SECURITY, "sessions.expires_at"),
            SESSION.field(column("session", "ended_at"), Category.SECURITY, "sessions.ended_at"),
            SESSION.field(column("session", "playground_key_id"), Category.SECURITY, "sessions.playground_key"),
            KEY.field(column("api_key", "id"), Category.ACCOUNT, "keys.id"),
            KEY.field(column("api_key", "account_id"), Category.ACCOUNT, "keys.account"),
            KEY.from(Source.GIVEN).field(column("api_key", "name"), Category.ACCOUNT, "keys.name"),
            KEY.hidden(column("api_key", "digest"), Category.CREDENTIAL),
            KEY.field(column("api_key", "last_four"), Category.CREDENTIAL, "keys.last_four"),
            KEY.field(column("api_key", "created_at"), Category.ACCOUNT, "keys.created_at"),
            KEY.from(Source.GIVEN).field(column("api_key", "expires_at"), Category.ACCOUNT, "keys.expires_at"),
            KEY.field(column("api_key", "revoked_at"), Category.SECURITY, "keys.revoked_at"),
            KEY.field(column("key_cap", "key_id"), Category.ACCOUNT, "keys.caps.key"),
            KEY.from(Source.GIVEN).field(column("key_cap", "period"), Category.PREFERENCE, "keys.caps.period"),
            KEY.from(Source.GIVEN).field(column("key_cap", "amount"), Category.PREFERENCE, "keys.caps.amount"));

    static final List<NotPersonal> NOT_PERSONAL =
            SystemData.notPersonal("api_key", "a counter of changes to all keys", "changed_epoch");

    private PeopleData() {}
}
