package io.mixgateway.app.command;

import io.mixgateway.app.GatewayOptions;
import io.mixgateway.app.OpenStore;
import io.mixgateway.platform.ledger.Ledger;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/** {@code ledger verify}: proves that the books add up. */
@Command(
        name = "ledger",
        description = "Proves that the books add up.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = LedgerCommand.Verify.class)
final class LedgerCommand extends OnlyWithSubcommand {

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
