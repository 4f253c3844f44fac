package io.mixgateway.app.command;

import io.mixgateway.app.GatewayOptions;
import io.mixgateway.app.catalog.Configuration;
import io.mixgateway.app.config.ConfigException;
import io.mixgateway.app.config.Problem;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/** {@code config check}: reads the configuration as {@code serve} would, and says all that is wrong with it. */
@Command(
        name = "config",
        description = "Checks the configuration.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = ConfigCommand.Check.class)
final class ConfigCommand extends OnlyWithSubcommand {

    /** Exit status 1 when {@code serve} would refuse to start. */
    @Command(name = "check", description = "Reads the configuration as serve would; exit status 1 when it has errors.")
    static final class Check extends OnData {
        @Override
        int run(GatewayOptions options, Output output) {
            List<Problem> errors = List.of();
            List<Problem> warnings = List.of();
            try {
                warnings = Configuration.load(options.config(), options.environment())
                        .warnings();
            } catch (ConfigException wrong) {
                errors = wrong.problems();
            }
            var document = new LinkedHashMap<String, Object>();
            document.put("ok", errors.isEmpty());
            document.put("file", options.config().map(Path::toString).orElse(null));
            document.put("errors", errors.stream().map(Check::document).toList());
            document.put("warnings", warnings.stream().map(Check::document).toList());
            output.say(document, lines(options, errors, warnings));
            return errors.isEmpty() ? MixGateway.DONE : MixGateway.REFUSED;
        }

        private static String lines(GatewayOptions options, List<Problem> errors, List<Problem> warnings) {
            var file = options.config().map(Path::toString).orElse("No configuration file; defaults and environment");
            var found = errors.isEmpty() && warnings.isEmpty() ? ": all is well" : "";
            return file
                    + found
                    + errors.stream().map(problem -> "\n  error: " + problem).collect(Collectors.joining())
                    + warnings.stream()
                            .map(problem -> "\n  warning: " + problem)
                            .collect(Collectors.joining());
        }

        private static Map<String, Object> document(Problem problem) {
            var document = new LinkedHashMap<String, Object>();
            document.put("path", problem.path());
            document.put("line", problem.line().isPresent() ? problem.line().getAsInt() : null);
            document.put("message", problem.message());
            return document;
        }
    }
}
