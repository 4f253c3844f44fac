package io.mixgateway.app.command;

import io.mixgateway.app.GatewayOptions;
import io.mixgateway.app.OpenStore;
import io.mixgateway.platform.pricing.Plans;
import io.mixgateway.platform.pricing.Plans.Plan;
import io.mixgateway.relay.money.Nanos;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code plans}: terms that several accounts share. */
@Command(
        name = "plans",
        description = "Makes plans with a discount, and puts accounts on them.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {PlansCommand.Set.class, PlansCommand.Put.class, PlansCommand.Listing.class})
final class PlansCommand extends OnlyWithSubcommand {

    /** Makes a plan or changes it. */
    @Command(name = "set", description = "Makes a plan, or changes its discount for calls that begin from now on.")
    static final class Set extends OnData {
        @Parameters(paramLabel = "NAME", description = "Small letters, digits, - and _.")
        private String name = "";

        @Option(
                names = "--discount",
                paramLabel = "0.10",
                required = true,
                converter = Amounts.class,
                description = "What every price is less, as a share of it: 0.10 is 10 %%.")
        private Nanos discount = Nanos.ZERO;

        @Override
        int run(GatewayOptions options, Output output) {
            if (discount.value() % 1_000 != 0 || discount.isNegative() || discount.value() > Nanos.PER_UNIT) {
                throw new CommandRefused("discount: " + discount + " (expected: 0 to 1, at most six places)");
            }
            try (var store = OpenStore.forCommand(options)) {
                new Plans(store.database()).set(name, (int) (discount.value() / 1_000));
                output.say(
                        Map.of("name", name, "discount", discount.toDecimal()),
                        "The plan " + name + " takes " + discount + " off every price.");
                return MixGateway.DONE;
            }
        }
    }

    /** Puts an account on a plan, or on none. */
    @Command(name = "put", description = "Puts an account on a plan; without --plan on none.")
    static final class Put extends OnData {
        @Option(names = "--account", paramLabel = "A", description = "Which; the owner's account unless given.")
        private @Nullable String account;

        @Option(names = "--plan", paramLabel = "NAME", description = "The plan.")
        private @Nullable String plan;

        @Override
        int run(GatewayOptions options, Output output) {
            try (var store = OpenStore.forCommand(options)) {
                var whose = AccountChoice.of(account, store);
                new Plans(store.database()).put(whose, Optional.ofNullable(plan));
                var document = new LinkedHashMap<String, Object>();
                document.put("account", whose.value());
                document.put("plan", plan);
                output.say(document, whose + " is on " + (plan == null ? "no plan." : "the plan " + plan + "."));
                return MixGateway.DONE;
            }
        }
    }

    /** All plans. */
    @Command(name = "list", description = "Lists the plans.")
    static final class Listing extends OnData {
        @Override
        int run(GatewayOptions options, Output output) {
            try (var store = OpenStore.forCommand(options)) {
                var all = new Plans(store.database()).list();
                var document = new LinkedHashMap<String, Object>();
                document.put("data", all.stream().map(Listing::document).toList());
                document.put("next", null);
                output.say(
                        document,
                        Output.table(
                                List.of("PLAN", "DISCOUNT", "ACCOUNTS"),
                                all.stream()
                                        .map(plan ->
                                                List.of(plan.name(), discount(plan), Long.toString(plan.accounts())))
                                        .toList()));
                return MixGateway.DONE;
            }
        }

        private static Map<String, Object> document(Plan plan) {
            return Map.of("name", plan.name(), "discount", discount(plan), "accounts", plan.accounts());
        }

        private static String discount(Plan plan) {
            return new Nanos(plan.discountMillionths() * 1_000L).toDecimal();
        }
    }
}
