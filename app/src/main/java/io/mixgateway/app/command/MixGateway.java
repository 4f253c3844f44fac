package io.mixgateway.app.command;

import io.mixgateway.app.GatewayOptions;
import io.mixgateway.app.config.ConfigException;
import io.mixgateway.platform.ChangeRefused;
import io.mixgateway.platform.ledger.LedgerRefused;
import io.mixgateway.platform.store.StartRefused;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The table of commands, and the options that may stand before or after any of them. */
@Command(
        name = "mixgateway",
        description = "One API in front of every model provider, with accounts, keys, credits and exact metering.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND")
public final class MixGateway implements Runnable {
    static final int DONE = 0;
    static final int REFUSED = 1;

    private static final Map<String, Supplier<Object>> COMMANDS = new LinkedHashMap<>();

    static {
        COMMANDS.put("serve", ServeCommand::new);
        COMMANDS.put("keys", KeysCommand::new);
        COMMANDS.put("accounts", AccountsCommand::new);
        COMMANDS.put("credits", CreditsCommand::new);
        COMMANDS.put("ledger", LedgerCommand::new);
        COMMANDS.put("vouchers", VouchersCommand::new);
        COMMANDS.put("reconcile", ReconcileCommand::new);
        COMMANDS.put("prices", PricesCommand::new);
        COMMANDS.put("plans", PlansCommand::new);
        COMMANDS.put("config", ConfigCommand::new);
        COMMANDS.put("doctor", DoctorCommand::new);
        COMMANDS.put("privacy", PrivacyCommand::new);
        COMMANDS.put("train", TrainCommand::new);
    }

    private final Map<String, String> environment;
    private final PrintStream out;
    private final PrintStream err;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--data",
            scope = ScopeType.INHERIT,
            paramLabel = "DIR",
            description = "The folder for everything that is kept; ./data unless given. Also MIXGATEWAY_DATA.")
    private @Nullable Path data;

    @Option(
            names = "--config",
            scope = ScopeType.INHERIT,
            paramLabel = "FILE",
            description = "The configuration; DIR/mixgateway.yaml, when there, unless given. Also MIXGATEWAY_CONFIG.")
    private @Nullable Path config;

    @Option(
            names = "--database-url",
            scope = ScopeType.INHERIT,
            paramLabel = "URL",
            description = "An external PostgreSQL, as postgres://user:password@host/database. Better as"
                    + " MIXGATEWAY_DATABASE_URL: command lines can be seen by everybody.")
    private @Nullable String databaseUrl;

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            description = "Answer with one JSON document on standard output.")
    private boolean json;

    private MixGateway(Map<String, String> environment, PrintStream out, PrintStream err) {
        this.environment = Map.copyOf(environment);
        this.out = out;
        this.err = err;
    }

    /**
     * Runs one command.
     *
     * @return the exit status: 0 done, 1 refused or failed, 2 wrong usage
     */
    public static int run(String[] arguments, Map<String, String> environment, PrintStream out, PrintStream err) {
        var root = new MixGateway(environment, out, err);
        var line = new CommandLine(root);
        commandsIn(arguments).forEach((name, command) -> line.addSubcommand(name, command.get()));
        line.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setUsageHelpAutoWidth(true);
        line.setExecutionExceptionHandler((fault, _, _) -> root.failed(fault));
        return line.execute(arguments);
    }

    /**
     * The commands whose names are among the words; all of them when none is, as for {@code --help}. To know a command,
     * picocli reads its annotations by reflection: for all of them that takes longer than most commands do.
     */
    private static Map<String, Supplier<Object>> commandsIn(String[] arguments) {
        var named = new LinkedHashMap<>(COMMANDS);
        named.keySet().retainAll(List.of(arguments));
        return named.isEmpty() ? COMMANDS : named;
    }

    /** Without a command there is nothing to do, which is wrong usage. */
    @Override
    public void run() {
        throw new ParameterException(
                java.util.Objects.requireNonNull(spec).commandLine(), "Say what to do, such as: ./mixgateway serve");
    }

    /** Where and how, as the options and the environment say. */
    GatewayOptions options() {
        var folder = data != null ? data : Path.of(environment.getOrDefault("MIXGATEWAY_DATA", "data"));
        return new GatewayOptions(
                folder,
                configFile(folder),
                Optional.ofNullable(databaseUrl)
                        .or(() -> Optional.ofNullable(environment.get("MIXGATEWAY_DATABASE_URL"))),
                Optional.empty(),
                Optional.empty(),
                environment);
    }

    private Optional<Path> configFile(Path folder) {
        if (config != null) {
            return Optional.of(config);
        }
        var told = environment.get("MIXGATEWAY_CONFIG");
        if (told != null) {
            return Optional.of(Path.of(told));
        }
        return Optional.of(folder.resolve("mixgateway.yaml")).filter(Files::exists);
    }

    Output output() {
        return new Output(out, err, json);
    }

    /** What was to be expected is one sentence; only a fault of our own comes with its stack trace. */
    private int failed(Exception fault) {
        switch (fault) {
            case CommandRefused _, ChangeRefused _, LedgerRefused _, StartRefused _, ConfigException _ ->
                complain(fault.getMessage());
            default -> {
                complain("MixGateway failed, and that is a fault in it: please report what follows.");
                fault.printStackTrace(err); // not the log: that may be what failed
            }
        }
        return REFUSED;
    }

    private void complain(@Nullable String sentence) {
        var text = sentence == null ? "The command failed." : sentence;
        if (json) {
            output().say(Map.of("error", text), "");
        }
        err.println(text);
    }
}
