package io.mixgateway.app.command;

import io.mixgateway.app.GatewayOptions;
import io.mixgateway.app.OpenStore;
import io.mixgateway.platform.keys.ApiKey;
import io.mixgateway.platform.keys.ApiKeys;
import io.mixgateway.platform.keys.Cap;
import io.mixgateway.platform.keys.KeyDigests;
import io.mixgateway.relay.call.KeyId;
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

/** {@code keys}: the secrets that calls are made with. */
@Command(
        name = "keys",
        description = "Makes, lists and revokes API keys.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {KeysCommand.Create.class, KeysCommand.Listing.class, KeysCommand.Revoke.class})
final class KeysCommand extends OnlyWithSubcommand {

    /** Makes a key and prints its secret, which is shown this once. */
    @Command(name = "create", description = "Makes a key and prints its secret, which is shown this once.")
    static final class Create extends OnData {
        @Option(names = "--account", paramLabel = "A", description = "Whose; the owner's account unless given.")
        private @Nullable String account;

        @Option(names = "--name", paramLabel = "N", description = "What it is for.", defaultValue = "key")
        private String name = "key";

        @Option(
                names = "--cap",
                paramLabel = "5.00",
                converter = Amounts.class,
                description = "The most it may spend, in the account's currency; no cap unless given.")
        private @Nullable Nanos cap;

        @Option(
                names = "--cap-per",
                paramLabel = "day|week|month|total",
                description = "Over which time the cap counts; total unless given.")
        private Cap.@Nullable Period capPer;

        @Option(
                names = "--expires",
                paramLabel = "T",
                converter = Times.class,
                description =
                        "When it stops working: 2027-01-31T00:00:00Z, 2027-01-31, or a span from now such as 90d, 12h.")
        private @Nullable Instant expires;

        private List<Cap> caps() {
            if (cap == null) {
                if (capPer != null) {
                    throw new CommandRefused(
                            "--cap-per says over which time a cap counts: say how much it is with --cap.");
                }
                return List.of();
            }
            return List.of(new Cap(cap, capPer == null ? Cap.Period.TOTAL : capPer));
        }

        @Override
        int run(GatewayOptions options, Output output) {
            try (var store = OpenStore.forCommand(options)) {
                var made = keys(store, options)
                        .create(AccountChoice.of(account, store), name, caps(), Optional.ofNullable(expires));
                var document = new LinkedHashMap<String, Object>();
                document.put("id", made.key().id().value());
                document.put("secret", made.secret().reveal());
                document.putAll(document(made.key()));
                output.say(
                        document,
                        made.secret().reveal() + "\n\n" + made.key().id() + " for "
                                + made.key().account() + ". The secret is not shown again.");
                return MixGateway.DONE;
            }
        }
    }

    /** The keys of an account, newest first. */
    @Command(name = "list", description = "Lists an account's keys, newest first.")
    static final class Listing extends OnData {
        @Option(names = "--account", paramLabel = "A", description = "Whose; the owner's account unless given.")
        private @Nullable String account;

        @Override
        int run(GatewayOptions options, Output output) {
            try (var store = OpenStore.forCommand(options)) {
                var keys = keys(store, options).list(AccountChoice.of(account, store));
                var document = new LinkedHashMap<String, Object>();
                document.put("data", keys.stream().map(KeysCommand::document).toList());
                document.put("next", null);
                output.say(
                        document,
                        Output.table(
                                List.of("ID", "NAME", "SECRET", "CAPS", "STATE", "SINCE"),
                                keys.stream().map(Listing::row).toList()));
                return MixGateway.DONE;
            }
        }

        private static List<String> row(ApiKey key) {
            return List.of(
                    key.id().value(),
                    key.name(),
                    KeyDigests.PREFIX + "…" + key.lastFour(),
                    key.caps().stream()
                            .map(cap -> cap.amount() + "/" + cap.per().word())
                            .collect(Collectors.joining(" ")),
                    state(key),
                    key.createdAt().toString());
        }
    }

    /** Ends a key for good, on every node within a second. */
    @Command(name = "revoke", description = "Ends a key for good, everywhere within a second.")
    static final class Revoke extends OnData {
        @Parameters(paramLabel = "ID", description = "The key's id, key-…, as keys list shows it.")
        private String id = "";

        @Override
        int run(GatewayOptions options, Output output) {
            try (var store = OpenStore.forCommand(options)) {
                var keys = keys(store, options);
                var which = new KeyId(id);
                boolean now = keys.revoke(which);
                var key = keys.find(which)
                        .orElseThrow(() -> new CommandRefused("There is no key " + id
                                + ": keys list shows those there are. The id begins with key-."));
                output.say(document(key), now ? "Revoked " + id + "." : id + " was revoked before.");
                return MixGateway.DONE;
            }
        }
    }

    private static ApiKeys keys(OpenStore store, GatewayOptions options) {
        return new ApiKeys(store.database(), KeyDigests.load(store.database(), options.masterKey()), Clock.systemUTC());
    }

    private static Map<String, Object> document(ApiKey key) {
        var document = new LinkedHashMap<String, Object>();
        document.put("id", key.id().value());
        document.put("name", key.name());
        document.put("account", key.account().value());
        document.put("last_four", key.lastFour());
        document.put(
                "caps",
                key.caps().stream()
                        .map(cap -> Map.of(
                                "amount",
                                cap.amount().toDecimal(),
                                "per",
                                cap.per().word()))
                        .toList());
        document.put("state", state(key));
        document.put("created_at", key.createdAt().toString());
        document.put("expires_at", key.expiresAt().map(Instant::toString).orElse(null));
        document.put("revoked_at", key.revokedAt().map(Instant::toString).orElse(null));
        return document;
    }

    private static String state(ApiKey key) {
        if (key.revokedAt().isPresent()) {
            return "revoked";
        }
        return key.expiresAt().filter(end -> !Instant.now().isBefore(end)).isPresent() ? "expired" : "active";
    }
}
