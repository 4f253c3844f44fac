package io.mixgateway.platform.privacy;

import static io.mixgateway.platform.privacy.Place.column;

import java.util.List;

/** The books, what holds draw on, and prices. */
final class MoneyData {
    private static final Terms BOOKS = Terms.of(Subject.ACCOUNT, Source.AUTOMATIC, Retention.BOOKS, Erasure.KEPT_BY_LAW)
            .use(Purpose.BILLING, LegalBasis.CONTRACT)
            .use(Purpose.BOOKKEEPING, LegalBasis.LEGAL_DUTY);
    private static final Terms BUDGET = Terms.of(
                    Subject.ACCOUNT, Source.AUTOMATIC, Retention.WHILE_ACCOUNT, Erasure.ANONYMISED)
            .use(Purpose.BILLING, LegalBasis.CONTRACT);

    static final List<Field> FIELDS = List.of(
            BOOKS.field(column("ledger_account", "owner"), Category.BILLING, "credit.account"),
            BOOKS.field(column("ledger_account", "currency"), Category.BILLING, "credit.currency"),
            BOOKS.field(column("ledger_account", "balance"), Category.BILLING, "credit.balance"),
            BOOKS.field(column("transfer", "idempotency_key"), Category.BILLING, "transfers.reference"),
            BOOKS.field(column("transfer", "kind"), Category.BILLING, "transfers.kind"),
            BOOKS.field(column("transfer", "description"), Category.BILLING, "transfers.description"),
            BOOKS.field(column("transfer", "created_at"), Category.BILLING, "transfers.created_at"),
            BOOKS.field(column("posting", "amount"), Category.BILLING, "transfers.amount"),
            BOOKS.field(column("voucher", "redeemed_by"), Category.BILLING, "vouchers.account"),
            BOOKS.field(column("voucher", "redeemed_at"), Category.BILLING, "vouchers.redeemed_at"),
            BUDGET.field(column("budget", "account_id"), Category.BILLING, "budgets.account"),
            BUDGET.field(column("budget", "key_id"), Category.BILLING, "budgets.key"),
            BUDGET.field(column("budget", "granted"), Category.BILLING, "budgets.granted"),
            BUDGET.field(column("budget", "overdraft"), Category.BILLING, "budgets.overdraft"),
            BUDGET.field(column("budget", "spent"), Category.BILLING, "budgets.spent"),
            BUDGET.field(column("budget", "leased"), Category.BILLING, "budgets.leased"));

    static final List<NotPersonal> NOT_PERSONAL = SystemData.all(
            SystemData.notPersonal("ledger_account", "a number, and the kind of account", "id", "code"),
            SystemData.notPersonal("transfer", "a number in a row", "id"),
            SystemData.notPersonal("posting", "links between rows of the books", "transfer_id", "ledger_account_id"),
            SystemData.notPersonal(
                    "budget", "a number, and the calendar", "id", "kind", "period", "window_start", "window_end"),
            SystemData.notPersonal(
                    "lease",
                    "how nodes share budgets among themselves",
                    "node_id",
                    "budget_id",
                    "epoch",
                    "amount",
                    "held",
                    "version",
                    "recalled"),
            SystemData.notPersonal("node", "our own machines", "id", "epoch", "started_at", "alive_until"),
            SystemData.notPersonal(
                    "price_version",
                    "public prices",
                    "version",
                    "provider",
                    "model",
                    "effective_from",
                    "free",
                    "input",
                    "cache_read",
                    "cache_write_5m",
                    "cache_write_1h",
                    "output",
                    "reasoning",
                    "audio_input",
                    "audio_output",
                    "image_input",
                    "image_output",
                    "request",
                    "source",
                    "recorded_at",
                    "service_tier",
                    "markup",
                    "long_prompts"),
            SystemData.notPersonal(
                    "price_import",
                    "public prices",
                    "id",
                    "provider",
                    "model",
                    "effective_from",
                    "tariffs",
                    "source",
                    "imported_at"),
            SystemData.notPersonal("plan", "terms for many accounts", "name", "discount", "created_at"),
            SystemData.notPersonal(
                    "voucher_batch",
                    "codes for whoever redeems them",
                    "id",
                    "name",
                    "currency",
                    "amount",
                    "created_at",
                    "expires_at",
                    "revoked_at"),
            SystemData.notPersonal(
                    "voucher", "a keyed digest, and links between rows", "digest", "batch_id", "transfer_id"),
            SystemData.notPersonal(
                    "provider_invoice",
                    "what a provider bills for a model on a day",
                    "provider",
                    "day",
                    "model",
                    "calls",
                    "input_tokens",
                    "output_tokens",
                    "cost",
                    "source",
                    "imported_at"),
            SystemData.notPersonal("reconciliation_run", "when a job ran", "day", "differences", "finished_at"));

    private MoneyData() {}
}
