package io.mixgateway.app.command;

import io.mixgateway.app.GatewayOptions;
import io.mixgateway.app.OpenStore;
import io.mixgateway.platform.ledger.Ledger;
import io.mixgateway.platform.ledger.Statement;
import io.mixgateway.platform.ledger.StatementCsv;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ledger verify}: proves that the books add up. */
@Command(
        name = "ledger",
        description = "Shows what moved an account's credit, and proves that the books add up.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {LedgerCommand.Show.class, LedgerCommand.Export.class, LedgerCommand.Verify.class})
final class LedgerCommand extends OnlyWithSubcommand {

    /** The newest movements of an account. */
    @Command(name = "show", description = "Shows what moved an account's credit, newest first.")
    static final class Show extends OnData {
        @Parameters(paramLabel = "ACCOUNT", arity = "0..1", description = "Whose; the owner's account unless given.")
        private @Nullable String account;

        @Option(names = "--limit", paramLabel = "N", description = "How many; 50 unless given.")
        private int limit = 50;

        @Override
        int run(GatewayOptions options, Output output) {
            try (var store = OpenStore.forCommand(options)) {
                var whose = AccountChoice.of(account, store);
                var rows = new Statement(store.database()).newest(whose, limit);
                var document = new LinkedHashMap<String, Object>();
                document.put("account", whose.value());
                document.put("data", rows.stream().map(LedgerCommand::document).toList());
                document.put("next", null);
                output.say(
                        document,
                        Output.table(
                                List.of("TIME", "TRANSFER", "KIND", "AMOUNT", "BALANCE", "DESCRIPTION"),
                                rows.stream()
                                        .map(row -> List.of(
                                                row.at().toString(),
                                                Long.toString(row.transfer()),
                                                row.kind(),
                                                row.amount().toDecimal(),
                                                row.balance().toDecimal(),
                                                row.description()))
                                        .toList()));
                return MixGateway.DONE;
            }
        }
    }

    private static Map<String, Object> document(Statement.Row row) {
        var document = new LinkedHashMap<String, Object>();
        document.put("transfer", Long.toString(row.transfer()));
        document.put("created_at", row.at().toString());
        document.put("kind", row.kind());
        document.put("description", row.description());
        document.put("amount", row.amount().toDecimal());
        document.put("balance", row.balance().toDecimal());
        document.put("currency", row.currency());
        return document;
    }

    /** A statement as CSV. */
    @Command(name = "export", description = "Writes an account's statement as CSV, oldest first.")
    static final class Export extends OnData {
        @Parameters(paramLabel = "ACCOUNT", arity = "0..1", description = "Whose; the owner's account unless given.")
        private @Nullable String account;

        @Option(
                names = "--from",
                paramLabel = "T",
                converter = Times.class,
                description = "The first moment in it, such as 2026-11-01; the beginning unless given.")
        private Instant from = Instant.EPOCH;

        @Option(
                names = "--to",
                paramLabel = "T",
                converter = Times.class,
                description = "The first moment behind it; now unless given.")
        private @Nullable Instant to;

        @Override
        int run(GatewayOptions options, Output output) {
            try (var store = OpenStore.forCommand(options)) {
                var whose = AccountChoice.of(account, store);
                var end = to == null ? Instant.now() : to;
                var rows = new Statement(store.database()).between(whose, from, end);
                var document = new LinkedHashMap<String, Object>();
                document.put("account", whose.value());
                document.put("from", from.toString());
                document.put("to", end.toString());
                document.put("data", rows.stream().map(LedgerCommand::document).toList());
                output.say(document, StatementCsv.of(rows).stripTrailing());
                return MixGateway.DONE;
            }
        }
    }

    /** Checks every invariant of the money, while the gateway goes on. Exit status 1 when one is broken. */
    @Command(name = "verify", description = "Checks every invariant of the money; exit status 1 when one is broken.")
    static final class Verify extends OnData {
        @Override
        int run(GatewayOptions options, Output output) {
            try (var store = OpenStore.forCommand(options)) {
                var report = new Ledger(store.database(), Clock.systemUTC()).verify();
                var document = new LinkedHashMap<String, Object>();
                document.put("ok", report.ok());
                document.put("checked", report.checked());
                document.put("violations", report.violations());
                var lines = report.ok()
                        ? "The books add up: " + report.checked() + " rows checked."
                        : "The books do NOT add up (" + report.checked() + " rows checked):"
                                + report.violations().stream()
                                        .map(violation -> "\n  " + violation)
                                        .collect(Collectors.joining());
                output.say(document, lines);
                return report.ok() ? MixGateway.DONE : MixGateway.REFUSED;
            }
        }
    }
}
