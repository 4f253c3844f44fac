package io.mixgateway.web.dashboard;

import io.mixgateway.platform.keys.ApiKey;
import io.mixgateway.platform.keys.ApiKeys;
import io.mixgateway.platform.ledger.Ledger;
import io.mixgateway.platform.pricing.PriceBook;
import io.mixgateway.platform.usage.GenerationFilter;
import io.mixgateway.platform.usage.Generations;
import io.mixgateway.relay.call.CallRefused;
import io.mixgateway.relay.call.GenerationId;
import io.mixgateway.relay.call.KeyId;
import io.mixgateway.relay.call.Outcome;
import io.mixgateway.relay.call.Refusal;
import io.mixgateway.web.Answer;
import io.mixgateway.web.Asked;
import io.mixgateway.web.Permission;
import io.mixgateway.web.Route;
import io.mixgateway.web.page.Page;
import io.mixgateway.web.page.Site;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The list of generations, which is live and can be searched, and the receipt of each. */
final class GenerationPages {
    private static final int ROWS = 50;
    private static final int LONGEST_SEARCH = 200;

    private final Site site;
    private final Ledger ledger;
    private final Generations generations;
    private final PriceBook prices;
    private final ApiKeys keys;

    GenerationPages(Site site, Ledger ledger, Generations generations, PriceBook prices, ApiKeys keys) {
        this.site = site;
        this.ledger = ledger;
        this.generations = generations;
        this.prices = prices;
        this.keys = keys;
    }

    List<Route> routes() {
        return Stream.of(
                        site.page(
                                "/dashboard/generations",
                                Permission.VIEW_ACCOUNT,
                                (page, asked) -> list(page, asked, "dashboard/generations.jte")),
                        site.page(
                                "/dashboard/generations/live",
                                Permission.VIEW_ACCOUNT,
                                (page, asked) -> list(page, asked, "dashboard/generations-rows.jte")),
                        site.page("/dashboard/generations/:id", Permission.VIEW_ACCOUNT, this::receipt))
                .flatMap(List::stream)
                .toList();
    }

    private Answer list(Page page, Asked asked, String template) {
        var account = asked.person().account();
        var after = word(asked, "after").flatMap(GenerationPages::id);
        // One more than is shown tells whether there is an older one.
        var found = generations.list(account, ROWS + 1, after, filter(asked));
        var shown = found.subList(0, Math.min(ROWS, found.size()));
        return page.titled(page.t("generations.title"))
                .draw(
                        template,
                        Map.of(
                                "generations",
                                shown,
                                "older",
                                found.size() > ROWS
                                        ? query(asked, shown.getLast().id().value())
                                        : "",
                                "search",
                                query(asked, ""),
                                "first",
                                after.isEmpty(),
                                "currency",
                                ledger.balances(account).currency(),
                                "names",
                                keys.names(account),
                                "asked",
                                asked.query()));
    }

    private static GenerationFilter filter(Asked asked) {
        return new GenerationFilter(
                word(asked, "model"),
                word(asked, "key").map(KeyId::new),
                word(asked, "outcome")
                        .flatMap(code -> Arrays.stream(Outcome.values())
                                .filter(outcome -> outcome.code().equals(code))
                                .findFirst()));
    }

    private static Optional<String> word(Asked asked, String name) {
        return Optional.ofNullable(asked.query().get(name))
                .map(String::strip)
                .filter(text -> !text.isEmpty() && text.length() <= LONGEST_SEARCH && text.indexOf('\0') < 0);
    }

    private static String query(Asked asked, String after) {
        return Stream.of("model", "key", "outcome", "after")
                .flatMap(name -> (name.equals("after")
                                ? Optional.of(after).filter(id -> !id.isEmpty())
                                : word(asked, name))
                        .map(value -> name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8)).stream())
                .collect(Collectors.joining("&"));
    }

    private Answer receipt(Page page, Asked asked) {
        var account = asked.person().account();
        var generation = id(asked.segment("id"))
                .flatMap(id -> generations.find(account, id))
                .orElseThrow(() -> new CallRefused(Refusal.NOT_FOUND, "This account has no such generation."));
        var key = keys.find(generation.key()).filter(found -> found.account().equals(account));
        return page.titled(page.t("generation.title") + " " + generation.id().value())
                .draw(
                        "dashboard/generation.jte",
                        Map.of(
                                "generation",
                                generation,
                                "price",
                                prices.find(generation.priceVersion()),
                                "key",
                                key.map(ApiKey::name),
                                "currency",
                                ledger.balances(account).currency()));
    }

    private static Optional<GenerationId> id(String text) {
        try {
            return Optional.of(new GenerationId(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
