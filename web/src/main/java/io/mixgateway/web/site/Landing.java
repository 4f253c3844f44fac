package io.mixgateway.web.site;

import static java.util.Objects.requireNonNull;

import io.mixgateway.web.Answer;
import io.mixgateway.web.Permission;
import io.mixgateway.web.Route;
import io.mixgateway.web.page.Page;
import io.mixgateway.web.page.Site;
import java.util.List;
import java.util.Map;

/** The first page: what this is, and how the first call is made. */
public final class Landing {
    private final Site site;

    public Landing(Site site) {
        this.site = requireNonNull(site, "site");
    }

    public List<Route> routes() {
        return site.page("/", Permission.ANYONE, (page, _) -> show(page));
    }

    private static Answer show(Page page) {
        return page.titled(page.t("landing.title"))
                .described(page.t("landing.description"))
                .draw("site/landing.jte", Map.of());
    }
}
