package io.mixgateway.app.command;

import io.mixgateway.app.GatewayOptions;
import io.mixgateway.app.OpenStore;
import io.mixgateway.app.catalog.Configuration;
import io.mixgateway.app.catalog.Found;
import io.mixgateway.app.catalog.Presets;
import io.mixgateway.app.catalog.PriceReview;
import io.mixgateway.app.catalog.PriceReview.Row;
import io.mixgateway.app.config.PriceFile;
import io.mixgateway.platform.pricing.PriceImports;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code prices}: prices from files. */
@Command(
        name = "prices",
        description = "Takes prices from a file, after a look at what that changes.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = PricesCommand.Import.class)
final class PricesCommand extends OnlyWithSubcommand {

    /** Shows what a file of prices would change; with {@code --apply} it does. */
    @Command(
            name = "import",
            description = "Shows what a file of prices would change; with --apply it does, from the file's day on.")
    static final class Import extends OnData {
        private static final long MOST_BYTES = 4 << 20;

        @Parameters(
                paramLabel = "FILE",
                description = "Prices by provider and model, in YAML or JSON (docs/billing.md).")
        private @Nullable Path file;

        @Option(names = "--apply", description = "Take the prices; without it nothing changes.")
        private boolean apply;

        @Override
        int run(GatewayOptions options, Output output) throws IOException {
            var path = Objects.requireNonNull(file);
            var prices = PriceFile.read(text(path), path.toString());
            var name = Objects.requireNonNull(path.getFileName(), "file").toString();
            try (var store = OpenStore.forCommand(options)) {
                var imports = new PriceImports(store.database());
                var now = Instant.now();
                var effective = prices.effective()
                        .map(day -> day.atStartOfDay().toInstant(ZoneOffset.UTC))
                        .orElse(now);
                var configuration = Configuration.load(
                        options.config(),
                        options.environment(),
                        Presets.bundled(),
                        Found.NOTHING.withPrices(imports.inForce(effective.isAfter(now) ? effective : now)));
                var rows = PriceReview.of(prices.tariffs(), configuration.settings(), configuration.plan());
                if (apply) {
                    imports.add(imported(prices), effective, name.substring(0, Math.min(200, name.length())));
                }
                output.say(document(rows, effective), lines(rows, effective));
                return MixGateway.DONE;
            }
        }

        private static String text(Path path) throws IOException {
            if (!Files.isRegularFile(path)) {
                throw new CommandRefused(path + ": there is no such file.");
            }
            if (Files.size(path) > MOST_BYTES) {
                throw new CommandRefused(path + ": larger than " + MOST_BYTES + " bytes.");
            }
            try {
                return Files.readString(path);
            } catch (CharacterCodingException _) {
                throw new CommandRefused(path + ": not UTF-8 text.");
            }
        }

        private static List<PriceImports.Imported> imported(PriceFile prices) {
            return prices.prices().entrySet().stream()
                    .flatMap(provider -> provider.getValue().entrySet().stream()
                            .map(model -> new PriceImports.Imported(
                                    provider.getKey(),
                                    model.getKey(),
                                    model.getValue().toTariffs())))
                    .toList();
        }

        private Map<String, Object> document(List<Row> rows, Instant effective) {
            var document = new LinkedHashMap<String, Object>();
            document.put("applied", apply);
            document.put("effective", effective.toString());
            document.put(
                    "data",
                    rows.stream()
                            .map(row -> Map.of(
                                    "endpoint",
                                    row.endpoint(),
                                    "state",
                                    row.state().name().toLowerCase(java.util.Locale.ROOT),
                                    "changes",
                                    row.changes()))
                            .toList());
            return document;
        }

        private String lines(List<Row> rows, Instant effective) {
            var table = Output.table(
                    List.of("ENDPOINT", "", "CHANGES, IN USD PER MILLION TOKENS"),
                    rows.stream()
                            .map(row -> List.of(
                                    row.endpoint(),
                                    row.state().name().toLowerCase(java.util.Locale.ROOT),
                                    String.join("; ", row.changes())))
                            .toList());
            return table + "\n"
                    + (apply
                            ? "Taken: these prices hold from " + effective + " on."
                            : "Nothing was changed. To take these prices from " + effective + " on, add --apply.");
        }
    }
}
