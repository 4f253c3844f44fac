package io.mixgateway.web.site;

import static java.util.Objects.requireNonNull;

import io.mixgateway.web.Permission;
import io.mixgateway.web.Route;
import io.mixgateway.web.page.Site;
import java.util.List;
import java.util.Map;

/** {@code /gallery}: every component that pages are made of, for contributors. No page leads there. */
public final class Gallery {
    private final Site site;

    public Gallery(Site site) {
        this.site = requireNonNull(site, "site");
    }

    public List<Route> routes() {
        return site.page(
                "/gallery",
                Permission.ANYONE,
                (page, _) -> page.titled("Gallery").draw("site/gallery.jte", Map.of()));
    }
}
