package io.mixgateway.app.command;

import io.mixgateway.app.GatewayOptions;
import io.mixgateway.app.OpenStore;
import io.mixgateway.platform.ledger.Balances;
import io.mixgateway.platform.ledger.Ledger;
import io.mixgateway.platform.ledger.TransferKind;
import io.mixgateway.relay.money.Nanos;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code credits}: what an account has, and giving it more. */
@Command(
        name = "credits",
        description = "Shows an account's credit, or gives it some.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {CreditsCommand.Grant.class, CreditsCommand.Move.class, CreditsCommand.Show.class})
final class CreditsCommand extends OnlyWithSubcommand {

    /** Gives credit for nothing. The same idempotency key gives it once. */
    @Command(
            name = "grant",
            description = "Gives an account credit; with --idempotency-key once, however often it is run.")
    static final class Grant extends OnData {
        @Option(names = "--account", paramLabel = "A", description = "Whose; the owner's account unless given.")
        private @Nullable String account;

        @Option(
                names = "--amount",
                paramLabel = "1.00",
                required = true,
                converter = Amounts.class,
                description = "How much, in the account's currency, with up to nine places.")
        private Nanos amount = Nanos.ZERO;

        @Option(names = "--reason", paramLabel = "TEXT", description = "Why; stands in the books.")
        private String reason = "granted by the operator";

        @Option(names = "--idempotency-key", paramLabel = "K", description = "Any text that names this one grant.")
        private @Nullable String idempotencyKey;

        @Override
        int run(GatewayOptions options, Output output) {
            try (var store = OpenStore.forCommand(options)) {
                var ledger = new Ledger(store.database(), Clock.systemUTC());
                var whose = AccountChoice.of(account, store);
                var transfer = ledger.grant(whose, amount, reason, Optional.ofNullable(idempotencyKey));
                var balances = ledger.balances(whose);
                var document = new LinkedHashMap<String, Object>(document(balances));
                document.put("transfer", Long.toString(transfer.id()));
                document.put("amount", amount.toDecimal());
                document.put("repeated", transfer.repeated());
                output.say(
                        document,
                        (transfer.repeated() ? "That grant was made before; nothing was added. " : "Granted. ")
                                + lines(balances));
                return MixGateway.DONE;
            }
        }
    }

    /** Books a movement of money that happened elsewhere, or a correction. */
    @Command(
            name = "move",
            description = "Books a top-up, refund, chargeback, expiry or adjustment; with --idempotency-key once.")
    static final class Move extends OnData {
        /** What an operator may book. */
        enum Kind {
            TOP_UP,
            REFUND,
            CHARGEBACK,
            EXPIRY,
            ADJUSTMENT
        }

        @Parameters(paramLabel = "KIND", description = "top_up, refund, chargeback, expiry or adjustment.")
        private Kind kind = Kind.ADJUSTMENT;

        @Option(names = "--account", paramLabel = "A", description = "Whose; the owner's account unless given.")
        private @Nullable String account;

        @Option(
                names = "--amount",
                paramLabel = "1.00",
                required = true,
                converter = Amounts.class,
                description = "How much moves; an adjustment may be negative (--amount=-1.00).")
        private Nanos amount = Nanos.ZERO;

        @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why; stands in the books.")
        private String reason = "";

        @Option(names = "--idempotency-key", paramLabel = "K", description = "Any text that names this one movement.")
        private @Nullable String idempotencyKey;

        @Override
        int run(GatewayOptions options, Output output) {
            try (var store = OpenStore.forCommand(options)) {
                var ledger = new Ledger(store.database(), Clock.systemUTC());
                var whose = AccountChoice.of(account, store);
                var transfer = ledger.move(
                        TransferKind.valueOf(kind.name()), whose, amount, reason, Optional.ofNullable(idempotencyKey));
                var balances = ledger.balances(whose);
                var document = new LinkedHashMap<String, Object>(document(balances));
                document.put("transfer", Long.toString(transfer.id()));
                document.put("kind", transfer.entry().kind().code());
                document.put("amount", amount.toDecimal());
                document.put("repeated", transfer.repeated());
                output.say(
                        document,
                        (transfer.repeated() ? "That was booked before; nothing has changed. " : "Booked. ")
                                + lines(balances));
                return MixGateway.DONE;
            }
        }
    }

    /** Balance, what calls have set aside, what is left. */
    @Command(name = "show", description = "Shows balance, what running calls hold, and what is available.")
    static final class Show extends OnData {
        @Option(names = "--account", paramLabel = "A", description = "Whose; the owner's account unless given.")
        private @Nullable String account;

        @Override
        int run(GatewayOptions options, Output output) {
            try (var store = OpenStore.forCommand(options)) {
                var balances =
                        new Ledger(store.database(), Clock.systemUTC()).balances(AccountChoice.of(account, store));
                output.say(document(balances), lines(balances));
                return MixGateway.DONE;
            }
        }
    }

    private static Map<String, Object> document(Balances balances) {
        var document = new LinkedHashMap<String, Object>();
        document.put("account", balances.account().value());
        document.put("currency", balances.currency());
        document.put("balance", balances.balance().toDecimal());
        document.put("held", balances.held().toDecimal());
        document.put("available", balances.available().toDecimal());
        return document;
    }

    private static String lines(Balances balances) {
        return balances.account() + " has " + balances.balance() + " " + balances.currency() + ": "
                + balances.available() + " available, " + balances.held() + " held by running calls.";
    }
}
