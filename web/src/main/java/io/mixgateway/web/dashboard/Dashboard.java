package io.mixgateway.web.dashboard;

import io.mixgateway.platform.keys.ApiKeys;
import io.mixgateway.platform.ledger.Ledger;
import io.mixgateway.platform.pricing.PriceBook;
import io.mixgateway.platform.signin.Sessions;
import io.mixgateway.platform.usage.Generations;
import io.mixgateway.platform.usage.UsageSums;
import io.mixgateway.relay.call.AccountId;
import io.mixgateway.relay.port.Catalogs;
import io.mixgateway.web.Route;
import io.mixgateway.web.page.Site;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/** All pages of an account, over the platform's services. */
public final class Dashboard {
    private final List<Route> routes;

    /** @param sums what an account used over a span; may block */
    public Dashboard(
            Site site,
            Ledger ledger,
            Generations generations,
            PriceBook prices,
            ApiKeys keys,
            Sessions sessions,
            Catalogs catalogs,
            BiFunction<AccountId, UsageSums.Span, UsageSums> sums,
            InstantSource clock) {
        this.routes = Stream.of(
                        new OverviewPage(site, ledger, keys, sums).routes(),
                        new GenerationPages(site, ledger, generations, prices, keys).routes(),
                        new KeyPages(site, ledger, keys, clock).routes(),
                        new PlaygroundPage(site, ledger, keys, sessions, catalogs, clock).routes())
                .flatMap(List::stream)
                .toList();
    }

    public List<Route> routes() {
        return routes;
    }
}
