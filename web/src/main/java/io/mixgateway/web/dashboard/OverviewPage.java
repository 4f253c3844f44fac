package io.mixgateway.web.dashboard;

import io.mixgateway.platform.keys.ApiKeys;
import io.mixgateway.platform.ledger.Ledger;
import io.mixgateway.platform.usage.UsageSums;
import io.mixgateway.relay.call.AccountId;
import io.mixgateway.web.Answer;
import io.mixgateway.web.Asked;
import io.mixgateway.web.Permission;
import io.mixgateway.web.Route;
import io.mixgateway.web.page.Page;
import io.mixgateway.web.page.Site;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/** {@code /dashboard}: what there is, what went, on what. Renews itself as calls are booked. */
final class OverviewPage {
    private final Site site;
    private final Ledger ledger;
    private final ApiKeys keys;
    private final BiFunction<AccountId, UsageSums.Span, UsageSums> sums;

    OverviewPage(Site site, Ledger ledger, ApiKeys keys, BiFunction<AccountId, UsageSums.Span, UsageSums> sums) {
        this.site = site;
        this.ledger = ledger;
        this.keys = keys;
        this.sums = sums;
    }

    List<Route> routes() {
        return Stream.of(
                        site.page(
                                "/dashboard",
                                Permission.VIEW_ACCOUNT,
                                (page, asked) -> show(page, asked, "dashboard/overview.jte")),
                        site.page(
                                "/dashboard/live",
                                Permission.VIEW_ACCOUNT,
                                (page, asked) -> show(page, asked, "dashboard/overview-live.jte")))
                .flatMap(List::stream)
                .toList();
    }

    private Answer show(Page page, Asked asked, String template) {
        var account = asked.person().account();
        var span = UsageSums.Span.of(asked.query().getOrDefault("span", ""));
        return page.titled(page.t("overview.title"))
                .draw(
                        template,
                        Map.of(
                                "balances",
                                ledger.balances(account),
                                "sums",
                                sums.apply(account, span),
                                "names",
                                keys.names(account)));
    }
}
