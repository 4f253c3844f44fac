package io.mixgateway.platform.privacy;

import static io.mixgateway.platform.privacy.Place.cookie;
import static io.mixgateway.platform.privacy.Place.logField;
import static io.mixgateway.platform.privacy.Place.outbound;

import io.mixgateway.relay.outlet.Outlet;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The installation itself, the log, the cookies and the ways out. */
final class SystemData {
    private static final Terms LOG = Terms.of(Subject.ACCOUNT, Source.AUTOMATIC, Retention.LOG_STORE, Erasure.EXPIRES)
            .use(Purpose.RELIABILITY, LegalBasis.LEGITIMATE_INTEREST)
            .use(Purpose.SECURITY, LegalBasis.LEGITIMATE_INTEREST)
            .seenBy(Recipient.HOSTING, Recipient.LOG_STORE);
    private static final Terms COOKIE = Terms.of(Subject.PERSON, Source.AUTOMATIC, Retention.BROWSER, Erasure.EXPIRES)
            .use(Purpose.SERVICE, LegalBasis.CONTRACT)
            .seenBy(Recipient.OWN_BROWSER);
    private static final Terms PASSED_ON = Terms.of(Subject.CALLER, Source.GIVEN, Retention.IN_TRANSIT, Erasure.EXPIRES)
            .use(Purpose.SERVICE, LegalBasis.CONTRACT)
            .seenBy(Recipient.MODEL_PROVIDER);

    static final List<Field> FIELDS = List.of(
            LOG.hidden(logField("message"), Category.DIAGNOSTIC),
            LOG.hidden(logField("stack_trace"), Category.DIAGNOSTIC),
            COOKIE.hidden(cookie(SetCookie.SESSION.cookieName()), Category.CREDENTIAL),
            COOKIE.hidden(cookie(SetCookie.LANGUAGE.cookieName()), Category.PREFERENCE),
            COOKIE.hidden(cookie(SetCookie.THEME.cookieName()), Category.PREFERENCE),
            PASSED_ON.hidden(outbound(Outlet.PROVIDERS, "the request"), Category.CONTENT),
            PASSED_ON
                    .from(Source.AUTOMATIC)
                    .hidden(
                            outbound(Outlet.PROVIDERS, "headers of the dialect that the client sent"),
                            Category.CONTENT));

    static final List<NotPersonal> NOT_PERSONAL = all(
            notPersonal(
                    "installation",
                    "the gateway itself",
                    "only_row",
                    "id",
                    "key_secret",
                    "master_key_check",
                    "owner_account_id",
                    "key_epoch",
                    "created_at"),
            notPersonal(
                    "flyway_schema_history",
                    "which migrations were done, by which user of the database",
                    "installed_rank",
                    "version",
                    "description",
                    "type",
                    "script",
                    "checksum",
                    "installed_by",
                    "installed_on",
                    "execution_time",
                    "success"),
            Stream.of("@timestamp", "level", "level_value", "logger_name", "thread_name")
                    .map(name -> new NotPersonal(logField(name), "the program's own"))
                    .toList(),
            List.of(
                    new NotPersonal(logField("models"), "how many models there are"),
                    new NotPersonal(logField("route"), "the pattern of a path, without its variable parts"),
                    new NotPersonal(
                            outbound(Outlet.PROVIDER_REACH, "a question without content"), "the operator's own"),
                    new NotPersonal(outbound(Outlet.OLLAMA, "a question without content"), "the program's own"),
                    new NotPersonal(outbound(Outlet.OWN_PORT, "a question without content"), "the program's own"),
                    new NotPersonal(
                            outbound(Outlet.DATABASE, "every column above"), "each column is declared by itself")));

    private SystemData() {}

    static List<NotPersonal> notPersonal(String table, String why, String... columns) {
        return Stream.of(columns)
                .map(name -> new NotPersonal(Place.column(table, name), why))
                .toList();
    }

    @SafeVarargs
    static List<NotPersonal> all(List<NotPersonal>... parts) {
        var whole = new ArrayList<NotPersonal>();
        for (var part : parts) {
            whole.addAll(part);
        }
        return List.copyOf(whole);
    }
}
