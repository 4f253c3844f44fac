package io.mixgateway.app.command;

import io.mixgateway.app.GatewayOptions;
import io.mixgateway.app.OpenStore;
import io.mixgateway.platform.keys.KeyDigests;
import io.mixgateway.platform.ledger.Ledger;
import io.mixgateway.platform.ledger.Vouchers;
import io.mixgateway.platform.ledger.Vouchers.Summary;
import io.mixgateway.relay.catalog.Secret;
import io.mixgateway.relay.money.Nanos;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vouchers}: codes that are worth credit, once. */
@Command(
        name = "vouchers",
        description = "Makes, redeems and ends codes that are worth credit, once.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            VouchersCommand.Create.class,
            VouchersCommand.Redeem.class,
            VouchersCommand.Revoke.class,
            VouchersCommand.Listing.class
        })
final class VouchersCommand extends OnlyWithSubcommand {

    private static Vouchers vouchers(OpenStore store, GatewayOptions options) {
        return new Vouchers(
                store.database(), KeyDigests.load(store.database(), options.masterKey()), Clock.systemUTC());
    }

    /** Makes some. */
    @Command(name = "create", description = "Makes vouchers and prints their codes, once.")
    static final class Create extends OnData {
        @Option(
                names = "--amount",
                paramLabel = "5.00",
                required = true,
                converter = Amounts.class,
                description = "What each is worth.")
        private Nanos amount = Nanos.ZERO;

        @Option(names = "--count", paramLabel = "N", description = "How many; 1 unless given, 10000 at most.")
        private int count = 1;

        @Option(names = "--name", paramLabel = "N", description = "What they are for.")
        private String name = "vouchers";

        @Option(names = "--currency", paramLabel = "C", description = "USD unless given.")
        private String currency = "USD";

        @Option(
                names = "--expires",
                paramLabel = "T",
                converter = Times.class,
                description = "Until when they can be redeemed, such as 2027-01-31 or 90d.")
        private @Nullable Instant expires;

        @Override
        int run(GatewayOptions options, Output output) {
            try (var store = OpenStore.forCommand(options)) {
                var batch =
                        vouchers(store, options).create(name, amount, currency, count, Optional.ofNullable(expires));
                var codes = batch.codes().stream().map(Secret::reveal).toList();
                var document = new LinkedHashMap<String, Object>();
                document.put("id", batch.id());
                document.put("amount", amount.toDecimal());
                document.put("currency", currency);
                document.put("expires_at", expires == null ? null : expires.toString());
                document.put("codes", codes);
                output.say(document, codes.stream().collect(Collectors.joining("\n")));
                return MixGateway.DONE;
            }
        }
    }

    /** Redeems one for an account. */
    @Command(name = "redeem", description = "Gives an account what a code is worth.")
    static final class Redeem extends OnData {
        @Parameters(paramLabel = "CODE", description = "The code.")
        private String code = "";

        @Option(names = "--account", paramLabel = "A", description = "Whose; the owner's account unless given.")
        private @Nullable String account;

        @Override
        int run(GatewayOptions options, Output output) {
            try (var store = OpenStore.forCommand(options)) {
                var whose = AccountChoice.of(account, store);
                var transfer = vouchers(store, options).redeem(whose, code);
                var balance = new Ledger(store.database(), Clock.systemUTC())
                        .balances(whose)
                        .balance();
                output.say(
                        Map.of(
                                "account",
                                whose.value(),
                                "transfer",
                                Long.toString(transfer.id()),
                                "repeated",
                                transfer.repeated(),
                                "balance",
                                balance.toDecimal()),
                        (transfer.repeated() ? "Redeemed before; nothing was added. " : "Redeemed. ") + whose + " has "
                                + balance + ".");
                return MixGateway.DONE;
            }
        }
    }

    /** Ends what is left of a batch. */
    @Command(name = "revoke", description = "Ends the codes of a batch that nobody has redeemed yet.")
    static final class Revoke extends OnData {
        @Parameters(paramLabel = "BATCH", description = "As vouchers list shows it: vou-….")
        private String batch = "";

        @Override
        int run(GatewayOptions options, Output output) {
            try (var store = OpenStore.forCommand(options)) {
                if (!vouchers(store, options).revoke(batch)) {
                    throw new CommandRefused("There is no batch " + batch + " that is in force.");
                }
                output.say(Map.of("id", batch, "revoked", true), "Revoked what was left of " + batch + ".");
                return MixGateway.DONE;
            }
        }
    }

    /** All batches. */
    @Command(name = "list", description = "Lists the batches of vouchers, newest first.")
    static final class Listing extends OnData {
        @Override
        int run(GatewayOptions options, Output output) {
            try (var store = OpenStore.forCommand(options)) {
                var all = vouchers(store, options).list();
                var document = new LinkedHashMap<String, Object>();
                document.put("data", all.stream().map(Listing::document).toList());
                document.put("next", null);
                output.say(
                        document,
                        Output.table(
                                List.of("ID", "NAME", "EACH", "COUNT", "REDEEMED", "EXPIRES", "REVOKED"),
                                all.stream()
                                        .map(batch -> List.of(
                                                batch.id(),
                                                batch.name(),
                                                batch.amount() + " " + batch.currency(),
                                                Long.toString(batch.count()),
                                                Long.toString(batch.redeemed()),
                                                batch.expiresAt()
                                                        .map(Instant::toString)
                                                        .orElse("never"),
                                                batch.revokedAt()
                                                        .map(Instant::toString)
                                                        .orElse("")))
                                        .toList()));
                return MixGateway.DONE;
            }
        }

        private static Map<String, Object> document(Summary batch) {
            var document = new LinkedHashMap<String, Object>();
            document.put("id", batch.id());
            document.put("name", batch.name());
            document.put("amount", batch.amount().toDecimal());
            document.put("currency", batch.currency());
            document.put("count", batch.count());
            document.put("redeemed", batch.redeemed());
            document.put("created_at", batch.createdAt().toString());
            document.put("expires_at", batch.expiresAt().map(Instant::toString).orElse(null));
            document.put("revoked_at", batch.revokedAt().map(Instant::toString).orElse(null));
            return document;
        }
    }
}
