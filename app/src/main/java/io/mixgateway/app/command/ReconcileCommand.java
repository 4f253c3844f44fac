package io.mixgateway.app.command;

import io.mixgateway.app.GatewayOptions;
import io.mixgateway.app.OpenStore;
import io.mixgateway.platform.reconcile.InvoiceCsv;
import io.mixgateway.platform.reconcile.InvoiceLine;
import io.mixgateway.platform.reconcile.Reconciliation;
import io.mixgateway.platform.reconcile.Reconciliation.Row;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code reconcile}: what providers bill beside what was counted. */
@Command(
        name = "reconcile",
        description = "Compares a provider's invoice with what was counted.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {ReconcileCommand.Import.class, ReconcileCommand.Report.class})
final class ReconcileCommand extends OnlyWithSubcommand {

    /** Takes an invoice in. */
    @Command(name = "import", description = "Takes a provider's invoice: CSV with date, model, cost and counts.")
    static final class Import extends OnData {
        private static final long MOST_BYTES = 64 << 20;

        @Parameters(paramLabel = "FILE", description = "The invoice.")
        private @Nullable Path file;

        @Option(names = "--provider", paramLabel = "P", required = true, description = "Whose, by its name here.")
        private String provider = "";

        @Option(
                names = "--alias",
                paramLabel = "THEIRS=OURS",
                description = "What a model of the invoice is called here; may be given again.")
        private Map<String, String> aliases = new LinkedHashMap<>();

        private static String text(Path path) throws IOException {
            try {
                return Files.readString(path);
            } catch (CharacterCodingException _) {
                throw new CommandRefused(path + ": not UTF-8 text.");
            }
        }

        @Override
        int run(GatewayOptions options, Output output) throws IOException {
            var path = Objects.requireNonNull(file);
            if (!Files.isRegularFile(path) || Files.size(path) > MOST_BYTES) {
                throw new CommandRefused(
                        path + ": there is no such file, or it is larger than " + MOST_BYTES + " bytes.");
            }
            var lines = InvoiceCsv.read(text(path), aliases);
            var name = Objects.requireNonNull(path.getFileName(), "file").toString();
            try (var store = OpenStore.forCommand(options)) {
                new Reconciliation(store.database())
                        .importInvoice(provider, lines, name.substring(0, Math.min(200, name.length())));
                output.say(
                        Map.of("provider", provider, "lines", lines.size()),
                        "Took " + lines.size() + " lines of " + provider
                                + ". See: mixgateway reconcile report --provider " + provider);
                return MixGateway.DONE;
            }
        }
    }

    /** The comparison. */
    @Command(
            name = "report",
            description = "Compares by day (UTC) and model; exit status 1 when something does not agree.")
    static final class Report extends OnData {
        @Option(names = "--provider", paramLabel = "P", required = true, description = "Whose invoice.")
        private String provider = "";

        @Option(names = "--from", paramLabel = "DAY", description = "The first day; a week ago unless given.")
        private @Nullable LocalDate from;

        @Option(names = "--to", paramLabel = "DAY", description = "The first day behind; today unless given.")
        private @Nullable LocalDate to;

        @Override
        int run(GatewayOptions options, Output output) {
            var today = LocalDate.now(ZoneOffset.UTC);
            var end = to == null ? today : to;
            var begin = from == null ? end.minusDays(7) : from;
            try (var store = OpenStore.forCommand(options)) {
                var rows = new Reconciliation(store.database()).report(provider, begin, end);
                boolean agrees = rows.stream().allMatch(row -> row.state() == Reconciliation.State.AGREES);
                var document = new LinkedHashMap<String, Object>();
                document.put("provider", provider);
                document.put("from", begin.toString());
                document.put("to", end.toString());
                document.put("agrees", agrees);
                document.put("data", rows.stream().map(Report::document).toList());
                output.say(
                        document,
                        Output.table(
                                List.of("DAY", "MODEL", "", "CALLS", "INPUT", "OUTPUT", "BILLED", "CHARGED"),
                                rows.stream().map(Report::row).toList()));
                return agrees ? MixGateway.DONE : MixGateway.REFUSED;
            }
        }

        private static Map<String, Object> document(Row row) {
            var document = new LinkedHashMap<String, Object>();
            document.put("day", row.day().toString());
            document.put("model", row.model());
            document.put("state", row.state().name().toLowerCase(Locale.ROOT));
            document.put("calls", row.calls());
            document.put("input_tokens", row.inputTokens());
            document.put("output_tokens", row.outputTokens());
            document.put("charged", row.charged().toDecimal());
            document.put("loss", row.isLoss());
            document.put("invoiced", row.invoiced().map(Report::document).orElse(null));
            return document;
        }

        private static Map<String, Object> document(InvoiceLine line) {
            var document = new LinkedHashMap<String, Object>();
            document.put("calls", boxed(line.calls()));
            document.put("input_tokens", boxed(line.inputTokens()));
            document.put("output_tokens", boxed(line.outputTokens()));
            document.put("cost", line.cost().toDecimal());
            return document;
        }

        private static @Nullable Long boxed(OptionalLong count) {
            return count.isPresent() ? count.getAsLong() : null;
        }

        /** Ours, and theirs behind a slash where it is another. */
        private static List<String> row(Row row) {
            var line = row.invoiced();
            return List.of(
                    row.day().toString(),
                    row.model(),
                    row.state().name().toLowerCase(Locale.ROOT).replace('_', ' ') + (row.isLoss() ? ", loss" : ""),
                    both(row.calls(), line.map(InvoiceLine::calls).orElse(OptionalLong.empty())),
                    both(row.inputTokens(), line.map(InvoiceLine::inputTokens).orElse(OptionalLong.empty())),
                    both(row.outputTokens(), line.map(InvoiceLine::outputTokens).orElse(OptionalLong.empty())),
                    line.map(found -> found.cost().toDecimal()).orElse("-"),
                    row.charged().toDecimal());
        }

        private static String both(long ours, OptionalLong theirs) {
            return theirs.isEmpty() || theirs.getAsLong() == ours
                    ? Long.toString(ours)
                    : ours + " / " + theirs.getAsLong();
        }
    }
}
