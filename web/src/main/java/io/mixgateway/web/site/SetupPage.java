package io.mixgateway.web.site;

import static java.util.Objects.requireNonNull;

import io.mixgateway.platform.accounts.Setup;
import io.mixgateway.web.Answer;
import io.mixgateway.web.Asked;
import io.mixgateway.web.Permission;
import io.mixgateway.web.Route;
import io.mixgateway.web.page.Page;
import io.mixgateway.web.page.Site;
import java.util.List;
import java.util.Map;

/** {@code /setup/{token}}: where the link of the first start leads. Looking does not use it up. */
public final class SetupPage {
    private final Site site;
    private final Setup setup;

    public SetupPage(Site site, Setup setup) {
        this.site = requireNonNull(site, "site");
        this.setup = requireNonNull(setup, "setup");
    }

    public List<Route> routes() {
        return site.page("/setup/:token", Permission.SECRET_IN_PATH, this::show);
    }

    private Answer show(Page page, Asked asked) {
        boolean works = setup.look(asked.segment("token")).isPresent();
        return page.titled(page.t(works ? "setup.title" : "setup.gone.title"))
                .draw(works ? 200 : 404, "session/setup.jte", Map.of("works", works));
    }
}
