package io.mixgateway.app.command;

import io.mixgateway.app.GatewayOptions;
import io.mixgateway.app.OpenStore;
import io.mixgateway.app.catalog.Configuration;
import io.mixgateway.platform.privacy.PrivacyCheck;
import io.mixgateway.platform.privacy.RetentionJob;
import io.mixgateway.relay.outlet.Outlet;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/** {@code privacy …}: what is promised and whether it is kept, what leaves the process, and what is removed when. */
@Command(
        name = "privacy",
        description = "Shows what is promised about personal data, and whether it is kept.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {PrivacyCommand.Verify.class, PrivacyCommand.Outbound.class, PrivacyCommand.Retain.class})
final class PrivacyCommand extends OnlyWithSubcommand {

    /** Exit status 1 when a promise that can be checked here is broken. */
    @Command(
            name = "verify",
            description = "Prints the promises P1 to P35 with their state; exit status 1 when one is broken here.")
    static final class Verify extends OnData {
        @Override
        int run(GatewayOptions options, Output output) {
            var times = Configuration.load(options.config(), options.environment())
                    .settings()
                    .retention()
                    .toTimes();
            try (var store = OpenStore.forCommand(options)) {
                var results = new PrivacyCheck(store.database(), times, Clock.systemUTC()).run();
                boolean kept =
                        results.stream().allMatch(result -> result.fault().isEmpty());
                var document = new LinkedHashMap<String, Object>();
                document.put("ok", kept);
                document.put("promises", results.stream().map(Verify::document).toList());
                output.say(document, lines(results));
                return kept ? MixGateway.DONE : MixGateway.REFUSED;
            }
        }

        private static Map<String, Object> document(PrivacyCheck.Result result) {
            var document = new LinkedHashMap<String, Object>();
            document.put("promise", result.promise().name());
            document.put("says", result.promise().says());
            document.put("state", result.state());
            document.put("note", result.fault().orElse(result.promise().note()));
            document.put("proofs", result.promise().proofs());
            return document;
        }

        private static String lines(List<PrivacyCheck.Result> results) {
            var rows = results.stream()
                    .map(result -> List.of(
                            result.promise().name(),
                            result.state(),
                            result.promise().says(),
                            result.fault().orElse(result.promise().note())))
                    .toList();
            var count = results.stream()
                    .collect(Collectors.groupingBy(
                            PrivacyCheck.Result::state, java.util.TreeMap::new, Collectors.counting()));
            return Output.table(List.of("", "STATE", "PROMISE", "NOTE"), rows) + "\n\n"
                    + count.entrySet().stream()
                            .map(state -> state.getValue() + " " + state.getKey())
                            .collect(Collectors.joining(", "))
                    + ".\nproved: tests of this release show it (--json names them); they are not run here."
                    + "\nchecked: tests show it, and this installation was looked at now.";
        }
    }

    /** The list of docs/outbound.md with the hosts of this installation. */
    @Command(name = "outbound", description = "Lists every host that this installation may talk to, and why.")
    static final class Outbound extends OnData {
        @Override
        int run(GatewayOptions options, Output output) {
            var configuration = Configuration.load(options.config(), options.environment());
            var rows = new ArrayList<List<String>>();
            for (Outlet outlet : Outlet.values()) {
                rows.add(List.of(outlet.id(), String.join(", ", hosts(outlet, configuration, options)), outlet.when()));
            }
            var document = Map.of(
                    "outlets",
                    rows.stream()
                            .map(row -> Map.of("outlet", row.get(0), "hosts", row.get(1), "when", row.get(2)))
                            .toList());
            output.say(document, Output.table(List.of("WAY OUT", "HOSTS", "WHEN"), rows));
            return MixGateway.DONE;
        }

        private static List<String> hosts(Outlet outlet, Configuration configuration, GatewayOptions options) {
            return switch (outlet) {
                case PROVIDERS, PROVIDER_REACH ->
                    configuration.plan().providers().stream()
                            .map(planned -> planned.provider())
                            .filter(provider -> !provider.dialect().equals("sandbox"))
                            .map(provider -> provider.baseUrl().getAuthority())
                            .distinct()
                            .sorted()
                            .toList();
                case OLLAMA ->
                    Stream.of(configuration.settings().discovery())
                            .filter(discovery -> discovery.ollama())
                            .map(discovery -> discovery.ollamaUrl())
                            .map(URI::getAuthority)
                            .toList();
                case OWN_PORT -> List.of("this machine");
                case DATABASE ->
                    List.of(options.databaseUrl()
                            .map(url -> io.mixgateway.platform.store.DatabaseUrl.parse(url)
                                    .hosts())
                            .orElse("this machine"));
            };
        }
    }

    /** Removes what is overdue now rather than at the next daily run. */
    @Command(name = "retention", description = "Removes what its retention rule no longer keeps, as happens daily.")
    static final class Retain extends OnData {
        @Override
        int run(GatewayOptions options, Output output) {
            var times = Configuration.load(options.config(), options.environment())
                    .settings()
                    .retention()
                    .toTimes();
            try (var store = OpenStore.forCommand(options)) {
                var report = new RetentionJob(store.database(), times, Clock.systemUTC()).run();
                var rows = report.removed().stream()
                        .map(one -> List.of(one.rule().id(), one.cutOff().toString(), Long.toString(one.rows())))
                        .toList();
                var document = Map.of(
                        "removed",
                        report.removed().stream()
                                .map(one -> Map.of(
                                        "rule",
                                        one.rule().id(),
                                        "ended_before",
                                        one.cutOff().toString(),
                                        "rows",
                                        one.rows()))
                                .toList());
                output.say(document, Output.table(List.of("RULE", "ENDED BEFORE", "REMOVED"), rows));
                return MixGateway.DONE;
            }
        }
    }
}
