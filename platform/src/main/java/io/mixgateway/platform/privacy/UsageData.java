package io.mixgateway.platform.privacy;

import static io.mixgateway.platform.privacy.Place.column;

import java.util.List;
import java.util.stream.Stream;

/** What was called and what it used: metadata only. There is no column for content, and none may be declared. */
final class UsageData {
    private static final Terms CALL = Terms.of(
                    Subject.ACCOUNT, Source.AUTOMATIC, Retention.USAGE_DETAILS, Erasure.DELETED)
            .use(Purpose.BILLING, LegalBasis.CONTRACT)
            .use(Purpose.RELIABILITY, LegalBasis.LEGITIMATE_INTEREST);
    private static final Terms SUMS = Terms.of(Subject.ACCOUNT, Source.AUTOMATIC, Retention.BOOKS, Erasure.KEPT_BY_LAW)
            .use(Purpose.BILLING, LegalBasis.CONTRACT)
            .use(Purpose.BOOKKEEPING, LegalBasis.LEGAL_DUTY);
    private static final Terms REFUSED = Terms.of(
                    Subject.ACCOUNT, Source.AUTOMATIC, Retention.UNTIL_RESOLVED, Erasure.DELETED)
            .use(Purpose.BILLING, LegalBasis.CONTRACT);

    private static final Terms REPEATED = Terms.of(
                    Subject.ACCOUNT, Source.AUTOMATIC, Retention.IDEMPOTENCY_KEYS, Erasure.EXPIRES)
            .use(Purpose.SERVICE, LegalBasis.CONTRACT)
            .use(Purpose.BILLING, LegalBasis.CONTRACT);

    static final List<Field> FIELDS = Stream.of(
                    calls(),
                    columns(
                            REPEATED,
                            "idempotency_key",
                            "idempotency_keys",
                            "account_id",
                            "generation_id",
                            "claimed_at",
                            "expires_at"),
                    // Keyed digests: of the key, and of path and body. Neither can be read back or guessed at.
                    List.of(
                            REPEATED.hidden(column("idempotency_key", "digest"), Category.USAGE),
                            REPEATED.hidden(column("idempotency_key", "request_digest"), Category.USAGE)),
                    sums("usage_hourly", "usage_by_hour", "hour"),
                    sums("usage_daily", "usage_by_day", "day"),
                    columns(REFUSED, "usage_rejected", "refused", "id", "account_id", "cost", "record", "created_at"))
            .flatMap(List::stream)
            .toList();

    static final List<NotPersonal> NOT_PERSONAL = SystemData.all(
            SystemData.notPersonal("usage_rejected", "what the database said", "reason"),
            SystemData.notPersonal(
                    "usage_event",
                    "links to the kind, the budget and the books",
                    "budget_id",
                    "kind_id",
                    "transfer_id"),
            SystemData.notPersonal("idempotency_key", "our own machines", "node_id", "abandoned"),
            SystemData.notPersonal("usage_removed", "how far retention has come", "only_row", "until", "last_transfer"),
            SystemData.notPersonal("usage_removed_charge", "a part of a transfer of the books", "transfer_id", "cost"),
            SystemData.notPersonal(
                    "retention_run", "a report in numbers", "id", "rule", "ran_at", "cut_off", "removed"),
            SystemData.notPersonal("generation_kind", "a number", "id"));

    private UsageData() {}

    private static List<Field> calls() {
        var kind = columns(
                CALL,
                "generation_kind",
                "generations",
                "account_id",
                "key_id",
                "provider",
                "model_sent",
                "dialect",
                "streamed",
                "outcome",
                "usage_source",
                "price_version");
        var asked = columns(CALL.from(Source.GIVEN), "generation_kind", "generations", "model_asked");
        var served = columns(CALL.from(Source.THIRD_PARTY), "generation_kind", "generations", "model_served");
        var automatic = columns(
                CALL,
                "usage_event",
                "generations",
                "created_at",
                "id",
                "cost",
                "hold",
                "latency_ms",
                "first_token_ms",
                "attempts");
        var told = columns(
                CALL.from(Source.THIRD_PARTY),
                "usage_event",
                "generations",
                "input",
                "cache_read",
                "output",
                "reasoning",
                "more_usage",
                "provider_total");
        var digest = List.of(CALL.hidden(column("generation_kind", "digest"), Category.USAGE));
        return Stream.of(kind, digest, asked, served, automatic, told)
                .flatMap(List::stream)
                .toList();
    }

    private static List<Field> sums(String table, String export, String start) {
        return columns(
                SUMS,
                table,
                export,
                start,
                "account_id",
                "key_id",
                "provider",
                "model",
                "calls",
                "completed",
                "input",
                "cache_read",
                "cache_write",
                "output",
                "reasoning",
                "audio_input",
                "audio_output",
                "image_input",
                "image_output",
                "cost",
                "latency_ms");
    }

    private static List<Field> columns(Terms terms, String table, String export, String... columns) {
        return Stream.of(columns)
                .map(name -> terms.field(column(table, name), Category.USAGE, export + "." + name))
                .toList();
    }
}
