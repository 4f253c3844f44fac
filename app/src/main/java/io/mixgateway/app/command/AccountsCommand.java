package io.mixgateway.app.command;

import io.mixgateway.app.GatewayOptions;
import io.mixgateway.app.OpenStore;
import io.mixgateway.platform.accounts.Account;
import io.mixgateway.platform.accounts.Accounts;
import io.mixgateway.platform.accounts.Setup;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code accounts}: who pays. */
@Command(
        name = "accounts",
        description = "Makes and lists accounts.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {AccountsCommand.Create.class, AccountsCommand.Listing.class, AccountsCommand.Link.class})
final class AccountsCommand extends OnlyWithSubcommand {

    /** Makes an account without credit and without keys. */
    @Command(name = "create", description = "Makes an account, without credit and without keys.")
    static final class Create extends OnData {
        @Option(names = "--email", paramLabel = "E", required = true, description = "Where bills and warnings go.")
        private String email = "";

        @Option(names = "--name", paramLabel = "N", description = "What it is called; the e-mail address unless given.")
        private @Nullable String name;

        @Override
        int run(GatewayOptions options, Output output) {
            try (var store = OpenStore.forCommand(options)) {
                var account = new Accounts(store.database(), Clock.systemUTC()).create(email, name == null ? "" : name);
                output.say(document(account), "Made " + account.id() + " for " + account.email() + ".");
                return MixGateway.DONE;
            }
        }
    }

    /** All accounts, oldest first. */
    @Command(name = "list", description = "Lists all accounts, oldest first.")
    static final class Listing extends OnData {
        @Override
        int run(GatewayOptions options, Output output) {
            try (var store = OpenStore.forCommand(options)) {
                var all = all(new Accounts(store.database(), Clock.systemUTC()));
                var document = new LinkedHashMap<String, Object>();
                document.put("data", all.stream().map(AccountsCommand::document).toList());
                document.put("next", null);
                output.say(
                        document,
                        Output.table(
                                List.of("ID", "E-MAIL", "NAME", "STATUS", "SINCE"),
                                all.stream().map(Listing::row).toList()));
                return MixGateway.DONE;
            }
        }

        private static List<Account> all(Accounts accounts) {
            var all = new ArrayList<Account>();
            var page = accounts.list(Optional.empty());
            all.addAll(page);
            while (page.size() == Accounts.LONGEST_LIST) {
                page = accounts.list(Optional.of(page.getLast().id()));
                all.addAll(page);
            }
            return all;
        }

        private static List<String> row(Account account) {
            return List.of(
                    account.id().value(),
                    account.email(),
                    account.name(),
                    status(account),
                    account.createdAt().toString());
        }
    }

    /** A new way in for an owner without a password, or without the one they had. */
    @Command(
            name = "link",
            description =
                    "Prints a new link by which an account's owner chooses a password. Earlier links stop working.")
    static final class Link extends OnData {
        private static final Duration LIFE = Duration.ofDays(1);

        @Option(names = "--account", paramLabel = "A", description = "The account; the owner's unless given.")
        private @Nullable String account;

        @Option(
                names = "--site",
                paramLabel = "URL",
                description = "Where the pages are; http://127.0.0.1:8080 unless given.")
        private String site = "http://127.0.0.1:8080";

        @Override
        int run(GatewayOptions options, Output output) {
            try (var store = OpenStore.forCommand(options)) {
                var token =
                        new Setup(store.database(), Clock.systemUTC()).issue(AccountChoice.of(account, store), LIFE);
                var url = site + "/setup/" + token.reveal();
                output.say(Map.of("setup_url", url), url + "\nIt works once, for a day.");
                return MixGateway.DONE;
            }
        }
    }

    private static Map<String, Object> document(Account account) {
        var document = new LinkedHashMap<String, Object>();
        document.put("id", account.id().value());
        document.put("email", account.email());
        document.put("name", account.name());
        document.put("currency", account.currency());
        document.put("status", status(account));
        document.put("created_at", account.createdAt().toString());
        return document;
    }

    private static String status(Account account) {
        return account.status().name().toLowerCase(Locale.ROOT);
    }
}
